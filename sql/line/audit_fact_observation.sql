-- What the suite `fact_observation` looks at: the facts appended by one run.
select observation_id, recorded_at, metric_id, place_key, kind
from core.fact_observation
where run_id = $run_id;
