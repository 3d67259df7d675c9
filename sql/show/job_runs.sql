-- How each job fares: its last run, and when it last succeeded.
select
    job,
    max(finished_at) as finished_at,
    arg_max(succeeded, finished_at) as succeeded,
    max(finished_at) filter (where succeeded) as succeeded_at
from ops.job_run
group by job
order by job
