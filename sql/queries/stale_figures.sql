-- Question: Which of the figures we quote are old?
-- Câu hỏi: Những số liệu đang dùng nào đã cũ?
-- Row: a figure that is quoted today though its period ended long ago
-- Param: months integer = 12 · how many months ago the period ended, at least
-- Param: metric text = % · id or name of the metric
-- Param: province text = % · name of the province
select
    date_diff('month', o.period_end, current_date) as months_old,
    o.metric,
    o.place_full_name as place,
    o.province,
    o.tier,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    o.published_on,
    o.source,
    o.observation_ids
from mart.latest_observation as o
semi join metrics_called($metric) using (metric_id)
semi join places_called('%', $province) using (place_key)
where o.kind = 'actual' and o.period_end < current_date - to_months($months)
order by o.period_end, o.metric, place, o.tier
