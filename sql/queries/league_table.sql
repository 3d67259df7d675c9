-- Question: How do the places of a province rank by a metric?
-- Câu hỏi: Các địa phương trong tỉnh xếp hạng ra sao theo một chỉ tiêu?
-- Row: a place with its latest figure of its own; places that are best first. Mind the periods: they differ
-- Param: metric text · id or name of the metric
-- Param: province text = % · name of the province
-- Param: level text = commune · province, district, commune or %
select
    rank() over (
        partition by o.metric_id, o.place_level
        order by case m.direction when 'down' then o.value else -o.value end
    ) as place_in_table,
    o.metric,
    o.place_full_name as place,
    o.province,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    o.source,
    o.authority,
    len(o.disagreeing_observation_ids) as disagreeing,
    o.observation_ids
from mart.latest_observation as o
join metrics_called($metric) as m using (metric_id)
semi join places_called('%', $province) using (place_key)
where o.kind = 'actual' and o.tier is null and o.place_level like $level
order by o.metric, o.place_level, place_in_table, place
