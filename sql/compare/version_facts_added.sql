-- Facts that hold in the later version and were not recorded in the earlier one.
select f.metric_id, p.full_name as place, f.kind, f.period_end, f.comparator, f.value, f.unit_id, f.observation_id
from after.core.current_observation as f
anti join before.core.fact_observation as known using (observation_id, recorded_at)
join after.core.dim_place as p using (place_key)
order by f.metric_id, place, f.period_end, f.observation_id
