-- critical · owner: data engineer
-- Every observation that holds now stands in mart.metric_trend once, and nothing else does.
select held.observations, trend.observations as in_trend
from (select count(*) as observations from core.current_observation) as held
cross join (
    select coalesce(sum(len(observation_ids) + len(disagreeing_observation_ids)), 0) as observations from mart.metric_trend
) as trend
where held.observations <> trend.observations
