-- Question: Where do sources contradict each other, and who says what?
-- Câu hỏi: Ở đâu các nguồn nói khác nhau, và ai nói gì?
-- Row: one side of a conflict: a value, who says it, and whether it is the one that is quoted
-- Param: metric text = % · id or name of the metric
-- Param: place text = % · name of the place
-- Param: province text = % · name of the province
select
    c.metric,
    c.place_full_name as place,
    c.tier,
    c.kind,
    c.period_end,
    c.comparator,
    c.value,
    c.unit_id,
    c.quoted,
    c.agrees_with_the_quoted,
    c.authority,
    c.sources,
    c.documents,
    c.last_published_on,
    c.observation_ids
from mart.source_conflict as c
semi join metrics_called($metric) using (metric_id)
semi join places_called($place, $province) using (place_key)
order by c.metric, place, c.period_end, c.conflict_id, c.quoted desc, c.authority desc, c.value
