-- Question: Which of the figures we quote does no strong source confirm?
-- Câu hỏi: Số liệu nào đang dùng mà chưa có nguồn đủ thẩm quyền xác nhận?
-- Row: a quoted figure whose sources all have little authority
-- Param: authority integer = 2 · the authority that counts as little, at most: 1 an unknown page … 5 the state body itself
-- Param: metric text = % · id or name of the metric
-- Param: province text = % · name of the province
select
    o.authority,
    o.source,
    o.metric,
    o.place_full_name as place,
    o.province,
    o.tier,
    o.kind,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    o.statements,
    o.confidence,
    o.url,
    o.observation_ids
from mart.latest_observation as o
semi join metrics_called($metric) using (metric_id)
semi join places_called('%', $province) using (place_key)
where o.authority <= $authority
order by o.authority, o.confidence, o.metric, place, o.tier, o.kind, o.observation_id
