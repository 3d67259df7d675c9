-- Problems of rows that are held back end when no such row is in quarantine any more. Between audit and append (the stage
-- stands) nothing can be said.
insert into ops.problem_event by name
select
    (select coalesce(max(event_id), 0) from ops.problem_event) + row_number() over (order by o.event_id) as event_id,
    'solved' as event,
    o.* exclude (event_id, event, recorded_at, run_id),
    $now::timestamptz as recorded_at,
    $run_id as run_id
from ops.open_problem as o
where o.kind = 'check'
    and o.scope = 'row'
    and not exists (select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'stage')
    and not exists (
        select 1
        from core.current_quarantine as q
        where q.expectation = o.expectation
            and q.metric_id is not distinct from o.metric_id
            and q.place_key is not distinct from o.place_key
    );
