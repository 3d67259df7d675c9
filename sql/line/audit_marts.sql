-- What the suite `mart` looks at: one row per mart that is kept by metric and place, of the pairs that unpublished facts
-- speak of: how many rows lack a key, stand twice, or lead back to no observation.
with spoken_of as (
    select distinct metric_id, place_key from unpublished_fact
)
select
    'metric_trend' as mart,
    count(*) as rows_looked_at,
    count(*) filter (metric_id is null or place_key is null or kind is null or value is null) as rows_without_key,
    count(*) - count(distinct (metric_id, place_key, tier, kind, period_start, period_end)) as rows_twice,
    count(*) filter (not coalesce(list_contains(observation_ids, observation_id), false)) as rows_from_nowhere
from mart.metric_trend
semi join spoken_of using (metric_id, place_key)
having count(*) > 0
union all
select
    'latest_observation',
    count(*),
    count(*) filter (metric_id is null or place_key is null or kind is null or value is null),
    count(*) - count(distinct (metric_id, place_key, tier, kind)),
    count(*) filter (not coalesce(list_contains(observation_ids, observation_id), false))
from mart.latest_observation
semi join spoken_of using (metric_id, place_key)
having count(*) > 0
union all
select
    'source_conflict',
    count(*),
    count(*) filter (metric_id is null or place_key is null or kind is null or value is null),
    count(*) - count(distinct (conflict_id, comparator, value)),
    count(*) filter (len(observation_ids) = 0)
from mart.source_conflict
semi join spoken_of using (metric_id, place_key)
having count(*) > 0;
