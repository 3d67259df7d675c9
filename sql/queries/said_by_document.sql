-- Question: What did a document say?
-- Câu hỏi: Một văn bản, một bài báo đã nêu những số liệu nào?
-- Row: an observation of a document, in the order of the text, with its sentence
-- Param: document text · part of its title, address or file name, or the beginning of its id
select
    d.title,
    d.published_on,
    m.name_vi as metric,
    p.full_name as place,
    f.tier,
    f.kind,
    f.period_end,
    f.period_basis,
    f.comparator,
    f.value,
    f.unit_id,
    f.quote,
    f.confidence,
    f.value_start,
    d.url,
    f.observation_id
from core.current_observation as f
join core.dim_document as d using (document_id)
join core.document_origin as r using (document_id)
join core.dim_metric as m using (metric_id)
join core.dim_place as p using (place_key)
where contains(folded(d.title), folded($document))
    or contains(lower(coalesce(d.url, '')), lower($document))
    or contains(lower(r.name), lower($document))
    or starts_with(d.document_id, lower($document))
order by d.published_on desc nulls last, d.document_id, f.value_start, f.observation_id
