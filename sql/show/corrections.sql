-- Corrections in force that don't do what they say: `kpi doctor`.
select observation_id, problem, decided_by, decided_on
from core.correction_state
where problem is not null
order by observation_id
