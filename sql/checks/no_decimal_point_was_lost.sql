-- warning · owner: data steward · of what is new
-- A figure has the digits of the one before and the point elsewhere (95 to 9.5; 12,870 to 12.87). Look at both; reject the wrong one.
select
    if(is_new, observation_id, observation_id_before) as observation_id, metric_id, place_key, tier, value_before, value,
    period_before, period_end, observation_id_before, quote
from step
where only_the_point_moved and unit_kind in ('share', 'count')
