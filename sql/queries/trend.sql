-- Question: How did a metric develop in a place?
-- Câu hỏi: Một chỉ tiêu của một địa phương diễn biến ra sao?
-- Row: a period: the statement to quote for it, the step from the one before, and how many disagree
-- Param: metric text · id or name of the metric
-- Param: place text · name of the place
-- Param: province text = % · name of the province, where several have such a place
-- Param: kind text = actual · actual, target or %
select
    m.name_vi as metric,
    p.full_name as place,
    p.province_full_name as province,
    t.tier,
    t.kind,
    t.period_start,
    t.period_end,
    t.period_basis,
    t.comparator,
    t.value,
    t.unit_id,
    t.value - lag(t.value) over (
        partition by t.metric_id, t.place_key, t.tier, t.kind order by t.period_end, t.period_start
    ) as step,
    s.name as source,
    t.statements,
    len(t.disagreeing_observation_ids) as disagreeing,
    t.observation_ids
from mart.metric_trend as t
join metrics_called($metric) as m using (metric_id)
join places_called($place, $province) as p using (place_key)
join core.dim_source as s using (source_id)
where t.kind like $kind
order by metric, place, t.place_key, t.tier, t.kind, t.period_end, t.period_start
