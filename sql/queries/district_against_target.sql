-- Question: What share of documents do districts exchange electronically, against the target?
-- Câu hỏi: Tỷ lệ văn bản điện tử của từng huyện so với chỉ tiêu được giao?
-- Row: a place and tier: the figure to quote beside its own stated target, else its province's for that tier of government
-- Param: metric text = edoc_% · id or name of the metric
-- Param: level text = district · province, district, commune or %
-- Param: province text = % · name of the province
with target as (
    select * from mart.metric_trend where kind = 'target'
),
pair as (
    select
        o.*,
        p.province_key,
        coalesce(own.observation_id, above.observation_id) as target_id
    from mart.latest_observation as o
    semi join metrics_called($metric) using (metric_id)
    join places_called('%', $province) as p using (place_key)
    asof left join target as own
        on own.metric_id = o.metric_id
        and own.place_key = o.place_key
        and coalesce(own.tier, '') = coalesce(o.tier, '')
        and o.period_end <= own.period_end
    asof left join target as above
        on above.metric_id = o.metric_id
        and above.place_key = p.province_key
        and coalesce(above.tier, '') = coalesce(o.tier, o.place_level)
        and o.period_end <= above.period_end
    where o.kind = 'actual' and o.place_level like $level
)
select
    o.place_full_name as place,
    o.province,
    o.tier,
    o.metric,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    t.comparator as target_comparator,
    t.value as target,
    t.period_end as target_period_end,
    t.place_full_name as target_of,
    o.value - t.value as gap,
    o.source,
    list_concat(o.observation_ids, list_filter([t.observation_id], lambda id: id is not null)) as observation_ids
from pair as o
left join mart.observation_in_context as t on t.observation_id = o.target_id
order by o.metric, o.province, place, o.tier
