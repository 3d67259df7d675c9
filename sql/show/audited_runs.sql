-- The suites of the latest runs that were audited, the latest first.
with run as (
    select run_id, max(recorded_at) as last_at
    from ops.dq_result
    group by run_id
    order by last_at desc
    limit $most
)
select r.run_id, suite, max(recorded_at) as recorded_at, bool_and(success) as success
from ops.dq_result as r
join run using (run_id)
group by r.run_id, suite, last_at
order by last_at desc, suite
