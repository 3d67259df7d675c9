-- The same for a row that stands in quarantine.
select
    q.*,
    e.ended_at,
    substr(d.text, greatest(q.char_start - 160, 0) + 1, least(q.char_start, 160)) as text_before,
    substr(d.text, q.char_start + length(q.quote) + 1, 160) as text_after,
    d.title, d.publisher, d.url, d.published_on, r.name as file_name, s.name as source
from core.quarantine_observation as q
asof join core.document_version as d on d.document_id = q.document_id and d.recorded_at <= q.recorded_at
join core.dim_source as s using (source_id)
join core.document_origin as r on r.document_id = q.document_id
left join core.quarantine_end as e
    on e.observation_id = q.observation_id and e.expectation = q.expectation and e.recorded_at = q.recorded_at
where q.observation_id = $observation_id
order by q.recorded_at
