-- Metrics, places and kinds of which another figure is quoted now, or one for the first time, or none any more.
select
    coalesce(a.metric_id, b.metric_id) as metric_id,
    coalesce(a.place_full_name, b.place_full_name) as place,
    coalesce(a.tier, b.tier) as tier,
    coalesce(a.kind, b.kind) as kind,
    b.comparator as comparator_before,
    b.value as value_before,
    b.period_end as period_before,
    a.comparator,
    a.value,
    a.period_end,
    b.observation_id as observation_before,
    a.observation_id
from after.mart.latest_observation as a
full join before.mart.latest_observation as b
    on a.metric_id = b.metric_id
    and a.place_key = b.place_key
    and a.kind = b.kind
    and a.tier is not distinct from b.tier
where (a.value, a.comparator, a.period_end) is distinct from (b.value, b.comparator, b.period_end)
order by metric_id, place, tier, kind
