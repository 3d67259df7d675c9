-- The warehouse proper. Times are recorded in UTC; dates are calendar days; offsets are NFC code points.

create schema core;

create table core.dim_unit (
    unit_id varchar primary key,
    name_vi varchar not null,
    name_en varchar not null,
    kind varchar not null            -- share (percent), count, score (points), rank
);

create table core.dim_platform (
    platform_id varchar primary key,
    name_vi varchar not null,
    name_en varchar not null
);

create table core.dim_metric (
    metric_id varchar primary key,
    name_vi varchar not null,
    name_en varchar not null,
    pillar varchar not null,
    unit_id varchar not null,
    lower_bound double not null,
    upper_bound double,              -- null: open
    direction varchar not null,      -- up, down, none: which way is better
    platform_id varchar
);

create table core.dim_source (
    source_id varchar primary key,
    name varchar not null,
    kind varchar not null,
    authority integer not null,      -- 1 an unknown page … 5 the state body that owns the figure
    province varchar
);

create table core.dim_place (
    place_key varchar primary key,   -- code list : code : first day of validity
    code varchar not null,
    code_list varchar not null,      -- 124/2004 (63 provinces), 19/2025 (34 provinces)
    name varchar not null,           -- without the level word
    full_name varchar not null,
    kind varchar not null,           -- the level word
    level varchar not null,          -- national, province, district, commune
    parent_key varchar,
    province_key varchar,
    valid_from date not null,
    valid_to date not null           -- exclusive
);

-- One row per distinct content that landed; the bytes lie in raw/ under the same hash.
create table core.raw_document (
    document_id varchar primary key, -- SHA-256 of the bytes
    name varchar not null,
    bytes bigint not null,
    url varchar,
    source_id varchar,
    published_on date,               -- as given by who added it
    retrieved_at timestamptz,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row per document that could be read.
create table core.dim_document (
    document_id varchar primary key,
    converter_version varchar not null,
    media_type varchar not null,
    title varchar,
    author varchar,
    publisher varchar,
    url varchar,
    source_id varchar not null,
    published_on date,
    published_basis varchar not null, -- given, metadata, text, none
    text varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- What could not be read, and why. document_id is null where not even the bytes could be.
create table core.rejected_document (
    rejection_id varchar not null,   -- hash of what was refused, when it landed and why
    document_id varchar,
    name varchar not null,
    converter_version varchar not null,
    reason varchar not null,
    message varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row per document and extractor version: the document has been read, with or without facts.
create table core.document_reading (
    document_id varchar not null,
    extractor_version varchar not null,
    facts integer not null,
    quarantined integer not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- Grain: one metric × place × period × kind stated by one number in one document, as recorded at one time.
-- Insert-only: a re-reading that differs adds a row, one that no longer finds it adds a retraction.
create table core.fact_observation (
    observation_id varchar not null,  -- hash of document, number's offset, metric, place, period, kind
    document_id varchar not null,
    metric_id varchar not null,
    place_key varchar not null,
    platform_id varchar,
    kind varchar not null,            -- actual, target
    period_start date not null,
    period_end date not null,
    period_grain varchar not null,
    period_basis varchar not null,    -- stated, inherited, publication_date
    value double not null,            -- percent for shares, plain units for counts
    value_low double,                 -- bounds of the true value, null where open
    value_high double,
    comparator varchar not null,      -- eq gt ge lt le approx range
    unit_id varchar not null,
    quote varchar not null,           -- the sentence: text[char_start:char_end]
    char_start integer not null,
    char_end integer not null,
    value_start integer not null,     -- the number itself, also counted from the text's start
    value_end integer not null,
    confidence double not null,
    rule_id varchar not null,
    extractor_version varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

create table core.retraction (
    observation_id varchar not null,
    reason varchar not null,
    extractor_version varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

create table core.quarantine_observation (
    observation_id varchar not null,
    document_id varchar not null,
    metric_id varchar,
    place_name varchar,
    place_key varchar,
    value double not null,
    comparator varchar not null,
    unit_id varchar,
    kind varchar not null,
    period_start date,
    period_end date,
    quote varchar not null,
    char_start integer not null,
    value_start integer not null,
    value_end integer not null,
    confidence double not null,
    rule_id varchar not null,
    extractor_version varchar not null,
    expectation varchar not null,     -- which expectation it failed
    reason varchar not null,          -- in words
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- The state of every observation ever recorded: superseded_at is null for what holds now.
create view core.observation_history as
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

create view core.current_observation as
select * exclude (superseded_at) from core.observation_history where superseded_at is null;
