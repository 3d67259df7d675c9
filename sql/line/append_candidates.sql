-- What was staged as no metric's figure.
insert into core.candidate_observation by name
select *, $now::timestamptz as recorded_at, $run_id as run_id
from stage.candidate;
