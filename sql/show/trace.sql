-- One observation with everything behind it, in the text it was read from: `kpi trace`.
select
    h.*,
    m.name_vi as metric,
    p.full_name as place,
    d.title, d.author, d.publisher, d.url, d.published_on, d.published_basis, d.converter_version,
    s.name as source, s.authority,
    r.name as file_name, r.retrieved_at,
    substr(d.text, greatest(h.char_start - 160, 0) + 1, least(h.char_start, 160)) as text_before,
    substr(d.text, h.char_end + 1, 160) as text_after
from core.observation_history as h
join core.dim_metric as m using (metric_id)
join core.dim_place as p using (place_key)
asof join core.document_version as d on d.document_id = h.document_id and d.recorded_at <= h.recorded_at
join core.dim_source as s using (source_id)
join core.document_origin as r on r.document_id = h.document_id
where h.observation_id = $observation_id
order by h.recorded_at
