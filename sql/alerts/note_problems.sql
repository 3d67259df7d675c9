-- What the results in `batch` change: problems that open or grow worse, and open ones that are solved. `batch` has one row for
-- each result that passed (failing: false) and for each metric and place of one that failed; looked: there was something to
-- look at, so that a problem of which it says nothing is over. That of rows is not: they are held back still.
insert into ops.problem_event by name
with failing as (
    select * exclude (failing, looked) from batch where failing
),
opened as (
    select 'opened' as event, f.*
    from failing as f
    left join ops.open_problem as o using (problem_id)
    where o.problem_id is null or (o.severity = 'warning' and f.severity = 'critical')
),
solved as (
    select 'solved' as event, o.* exclude (event_id, event, recorded_at, run_id)
    from ops.open_problem as o
    semi join (from batch where looked) as l using (suite, expectation)
    anti join failing using (problem_id)
    where o.scope <> 'row'
)
select
    (select coalesce(max(event_id), 0) from ops.problem_event)
        + row_number() over (order by event, severity, suite, expectation, metric_id, place_key) as event_id,
    changed.*,
    $now::timestamptz as recorded_at,
    $run_id as run_id
from (from solved union all by name from opened) as changed;
