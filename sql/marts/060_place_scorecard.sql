-- mart.place_scorecard · view
-- Grain: one row per place, metric and tier: the figure to quote, what it was before, and what the province and the country
-- report of the same metric.
select
    o.place_key,
    o.place_full_name,
    o.place_level,
    o.province,
    o.pillar,
    o.metric_id,
    o.metric,
    o.tier,
    o.comparator,
    o.value,
    o.unit_id,
    o.period_end,
    m.direction,
    o.value_before,
    o.period_before,
    o.value - o.value_before as change,
    case
        when m.direction = 'none' or o.value_before is null then null
        when o.value = o.value_before then 'same'
        when (o.value > o.value_before) = (m.direction = 'up') then 'better'
        else 'worse'
    end as trend,
    province.value as province_value,
    country.value as country_value,
    o.authority,
    o.source,
    list_concat(
        o.observation_ids,
        list_filter([o.observation_id_before, province.observation_id, country.observation_id], lambda id: id is not null)
    ) as observation_ids
from mart.latest_observation as o
join core.dim_metric as m using (metric_id)
join core.dim_place as p using (place_key)
left join mart.latest_observation as province
    on province.metric_id = o.metric_id
    and province.place_key = p.province_key
    and province.place_key <> o.place_key
    and province.tier is null
    and province.kind = 'actual'
left join mart.latest_observation as country
    on country.metric_id = o.metric_id
    and country.place_key = 'VN'
    and o.place_key <> 'VN'
    and country.tier is null
    and country.kind = 'actual'
where o.kind = 'actual'
