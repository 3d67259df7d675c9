-- How many expectations and checks failed when they were last looked at, by severity; all severities stand there.
with last as (
    select severity, arg_max(success, recorded_at) as success
    from ops.dq_result
    group by suite, expectation, severity
)
select severity, count(*) filter (where not last.success) as failing
from (values ('critical'), ('warning'), ('info')) as known (severity)
left join last using (severity)
group by severity
order by severity
