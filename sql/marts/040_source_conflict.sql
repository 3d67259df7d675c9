-- mart.source_conflict · table
-- Grain: one row per metric, place, tier, kind, period and value said, where what was said can't all be true; the sides of
-- one conflict share `conflict_id`, the id of the observation that mart.metric_trend quotes.
with conflict as (
    select observation_id as conflict_id, observation_ids, unnest(list_concat(observation_ids, disagreeing_observation_ids)) as observation_id
    from mart.metric_trend
    semi join touched using (metric_id, place_key)
    where len(disagreeing_observation_ids) > 0
)
select
    c.conflict_id,
    o.metric_id,
    any_value(o.metric) as metric,
    o.place_key,
    any_value(o.place_full_name) as place_full_name,
    o.tier,
    o.kind,
    o.period_start,
    o.period_end,
    o.comparator,
    o.value,
    any_value(o.value_low) as value_low,
    any_value(o.value_high) as value_high,
    any_value(o.unit_id) as unit_id,
    bool_or(list_contains(c.observation_ids, o.observation_id)) as agrees_with_the_quoted,
    bool_or(o.observation_id = c.conflict_id) as quoted,
    max(o.authority) as authority,
    max(o.published_on) as last_published_on,
    list(distinct o.source order by o.source) as sources,
    count(distinct o.cluster_id) as statements,
    count(distinct o.document_id) as documents,
    list(o.observation_id order by o.observation_id) as observation_ids
from conflict as c
join scope as o using (observation_id)
group by c.conflict_id, o.metric_id, o.place_key, o.tier, o.kind, o.period_start, o.period_end, o.comparator, o.value
