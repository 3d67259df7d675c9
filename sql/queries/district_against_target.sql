-- Question: What share of documents do districts exchange electronically, against the target?
-- Câu hỏi: Tỷ lệ văn bản điện tử của từng huyện so với chỉ tiêu được giao?
-- Row: a figure that is quoted today and a target it is measured by; without target where there is none
-- Param: metric text = edoc_% · id or name of the metric
-- Param: level text = district · province, district, commune or %
-- Param: province text = % · name of the province
-- Param: standing text = applies · applies, later, passed or %, see mart.target_gap
select
    o.place_full_name as place,
    o.province,
    o.tier,
    o.metric,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    t.reached,
    t.gap,
    t.target_comparator,
    t.target_value,
    t.target_year,
    t.target_origin,
    t.legal_basis,
    t.conflicts,
    o.source,
    list_concat(o.observation_ids, coalesce(t.target_observation_ids, [])) as observation_ids
from mart.latest_observation as o
semi join metrics_called($metric) using (metric_id)
semi join places_called('%', $province) using (place_key)
left join mart.target_gap as t on t.observation_id = o.observation_id and t.standing like $standing
where o.kind = 'actual' and o.place_level like $level
order by o.metric, o.province, place, o.tier, t.target_year, t.target_value
