-- What a reading says besides: tier and denominator of a figure, figures that no metric fits, systems spoken of.

alter table stage.observation add column tier varchar;
alter table stage.observation add column denominator double;
alter table core.fact_observation add column tier varchar;        -- province, district, commune: "cấp xã 60%"
alter table core.fact_observation add column denominator double;  -- 32 of "30/32 chỉ tiêu"

create or replace view core.observation_history as
with event as (
    select observation_id, recorded_at, false as retracted from core.fact_observation
    union all
    select observation_id, recorded_at, true from core.retraction
),
ordered as (
    select *, lead(recorded_at) over (partition by observation_id order by recorded_at, retracted) as next_at
    from event
)
select f.*, o.next_at as superseded_at
from core.fact_observation as f
join ordered as o on o.observation_id = f.observation_id and o.recorded_at = f.recorded_at and not o.retracted;

create or replace view core.current_observation as
select * exclude (superseded_at) from core.observation_history where superseded_at is null;

-- Figures that no metric of the catalogue fits, with the words that name them. They are never facts: they show
-- what the catalogue lacks. One row per number and reading.
create table core.candidate_observation (
    document_id varchar not null,
    phrase varchar not null,
    value double not null,
    unit_id varchar,
    quote varchar not null,
    value_start integer not null,
    value_end integer not null,
    extractor_version varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

create table stage.candidate (
    document_id varchar,
    phrase varchar,
    value double,
    unit_id varchar,
    quote varchar,
    value_start integer,
    value_end integer,
    extractor_version varchar
);

-- The candidates of each document's latest reading.
create view core.current_candidate as
select c.*
from core.candidate_observation as c
join (select document_id, max(recorded_at) as recorded_at from core.document_reading group by document_id) as latest
    using (document_id, recorded_at);

-- Where a named digital system is spoken of, with a figure or without one. One row per sentence and reading.
create table core.platform_mention (
    document_id varchar not null,
    platform_id varchar not null,
    quote varchar not null,           -- the sentence
    char_start integer not null,      -- the system's name itself
    char_end integer not null,
    extractor_version varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

create table stage.platform_mention (
    document_id varchar,
    platform_id varchar,
    quote varchar,
    char_start integer,
    char_end integer,
    extractor_version varchar
);

-- The mentions of each document's latest reading.
create view core.current_platform_mention as
select m.*
from core.platform_mention as m
join (select document_id, max(recorded_at) as recorded_at from core.document_reading group by document_id) as latest
    using (document_id, recorded_at);
