-- Problems of rows that are held back end when no such row is held back any more: the latest reading of their documents left
-- nothing in quarantine, or the row has become a fact. Between audit and append (the stage stands) nothing can be said.
insert into ops.problem_event by name
with read as (
    select document_id, arg_max(quarantined, recorded_at) as quarantined from core.document_reading group by document_id
),
held as (
    select q.expectation, q.metric_id, q.place_key
    from core.quarantine_observation as q
    join read as r on r.document_id = q.document_id and r.quarantined > 0
    anti join core.current_observation as f on f.observation_id = q.observation_id
)
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
        from held as h
        where h.expectation = o.expectation
            and h.metric_id is not distinct from o.metric_id
            and h.place_key is not distinct from o.place_key
    );
