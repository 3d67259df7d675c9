-- Question: Which metrics are there, and how much is known of each?
-- Câu hỏi: Có những chỉ tiêu nào, và đã biết bao nhiêu về mỗi chỉ tiêu?
-- Row: a metric of the catalogue
-- Param: words text = · part of its id or name; without it, all
select
    m.metric_id,
    m.name_vi as metric,
    m.name_en,
    m.pillar,
    m.unit_id,
    c.places,
    c.statements,
    c.last_period,
    c.observation_ids
from metrics_called('%' || coalesce($words, '') || '%') as m
join mart.metric_coverage as c using (metric_id)
order by c.statements desc, m.metric_id
