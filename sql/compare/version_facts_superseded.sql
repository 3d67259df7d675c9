-- Facts that held in the earlier version and have ended in the later one, with the reason.
select f.metric_id, p.full_name as place, f.kind, f.period_end, f.comparator, f.value, f.unit_id, f.observation_id, s.reason
from before.core.current_observation as f
join after.core.supersession as s using (observation_id, recorded_at)
join after.core.dim_place as p using (place_key)
order by f.metric_id, place, f.period_end, f.observation_id
