-- When something was last known of the runs of a job.
select max(recorded_at) as recorded_at
from ops.problem_event
where kind = 'failed_run' and expectation = $job
having count(*) > 0
