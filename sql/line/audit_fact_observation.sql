-- What the suite `fact_observation` looks at: the facts appended by one run.
select observation_id, recorded_at, metric_id, place_key, kind, value, period_start, period_end, unit_id
from core.fact_observation
where run_id = $run_id;
