-- What people decided of one observation, the last first: `kpi trace`.
select concat(action, ': ' || reason || ' (' || decided_by || ', ' || decided_on || ')') as decision, recorded_at
from core.correction
where observation_id = $observation_id
order by recorded_at desc
