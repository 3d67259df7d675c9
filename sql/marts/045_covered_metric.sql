-- mart.covered_metric · table by metric
-- Grain: one row per metric of which anything is known: how much, and since when. mart.metric_coverage adds the others.
select
    metric_id,
    sum(statements_so_far)::bigint as statements,
    count(distinct place_key) as places,
    min(first_period_end) as first_period,
    max(period_end) as last_period,
    list(observation_id order by observation_id) as observation_ids
from mart.latest_observation
where metric_id in (select metric_id from touched)
group by metric_id
