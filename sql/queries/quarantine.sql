-- Question: What is in quarantine, and why?
-- Câu hỏi: Số liệu nào bị giữ lại, vì sao?
-- Row: an expectation and reason: how many observations failed it, and the latest example
-- Param: expectation text = % · name of the expectation
select
    q.expectation,
    q.reason,
    count(distinct q.observation_id) as observations,
    count(distinct q.document_id) as documents,
    max(q.recorded_at) as last_recorded_at,
    arg_max(q.value, (q.recorded_at, q.observation_id)) as example_value,
    arg_max(q.quote, (q.recorded_at, q.observation_id)) as example,
    arg_max(d.title, (q.recorded_at, q.observation_id)) as example_title,
    list(distinct q.observation_id order by q.observation_id) as observation_ids
from core.current_quarantine as q
left join core.dim_document as d using (document_id)
where q.expectation like $expectation
group by q.expectation, q.reason
order by observations desc, q.expectation, q.reason
