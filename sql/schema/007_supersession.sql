-- What ended: each row says which recorded row no longer holds, since when and why, so that what holds now is the
-- table without these few rows, however long it is.

-- One row per row of core.fact_observation that stopped holding. Insert-only.
create table core.supersession (
    observation_id varchar not null,
    recorded_at timestamptz not null,     -- of the row that ended
    superseded_at timestamptz not null,
    reason varchar not null,              -- replaced, not_found, held back: EXPECTATIONS
    extractor_version varchar not null,
    run_id varchar not null
);

insert into core.supersession
with event as (
    select observation_id, recorded_at, extractor_version, run_id, false as retracted from core.fact_observation
    union all
    select observation_id, recorded_at, extractor_version, run_id, true from core.retraction
),
followed as (
    select
        *,
        lead({'at': recorded_at, 'retracted': retracted, 'version': extractor_version, 'run': run_id})
            over (partition by observation_id order by recorded_at, retracted) as next
    from event
)
select observation_id, recorded_at, next.at, if(next.retracted, 'not_found', 'replaced'), next.version, next.run
from followed
where not retracted and next is not null;

drop view core.current_observation;
drop view core.observation_history;
drop table core.retraction;

-- Every row ever recorded; superseded_at is null for what holds now.
create view core.observation_history as
select f.*, s.superseded_at, s.reason as superseded_because
from core.fact_observation as f
left join core.supersession as s using (observation_id, recorded_at);

create view core.current_observation as
select f.*
from core.fact_observation as f
anti join core.supersession as s using (observation_id, recorded_at);

-- What held at a moment: from as_of('2026-01-31 17:00+07').
create macro as_of(moment) as table
select f.*
from core.fact_observation as f
anti join (from core.supersession where superseded_at <= moment::timestamptz) as s using (observation_id, recorded_at)
where f.recorded_at <= moment::timestamptz;

-- One row per row of core.document_version that a later conversion replaced. Insert-only.
create table core.document_supersession (
    document_id varchar not null,
    recorded_at timestamptz not null,     -- of the row that ended
    superseded_at timestamptz not null,
    run_id varchar not null
);

insert into core.document_supersession
select document_id, recorded_at, next_at, next_run
from (
    select
        document_id,
        recorded_at,
        lead(recorded_at) over history as next_at,
        lead(run_id) over history as next_run
    from core.document_version
    window history as (partition by document_id order by recorded_at)
)
where next_at is not null;

create or replace view core.dim_document as
select v.*
from core.document_version as v
anti join core.document_supersession as s using (document_id, recorded_at);

-- One row each time a dimension's rows changed: the marts are then built whole.
create table core.dimension_change (
    table_name varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row each time the marts were brought up to date: up to which run, from which statements, and whether the whole
-- passed its checks. Only what passed is published.
create table ops.mart_build (
    sequence bigint not null,
    definition varchar not null,          -- hash of sql/marts
    whole boolean not null,               -- built anew, not only where something changed
    passed boolean not null,
    built_at timestamptz not null,
    run_id varchar not null
);

alter table ops.version add column facts_hash ubigint;  -- of what no later version may change
