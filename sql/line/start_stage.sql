-- What a run has read and not yet appended: made at the start of a reading, gone with the append, never published.

create schema if not exists stage;

create or replace table stage.document_read (
    document_id varchar primary key,
    extractor_version varchar not null
);

-- One row once everything recorded up to a moment has been staged.
create or replace table stage.reading (
    extractor_version varchar not null,
    upto timestamptz not null
);

create or replace table stage.observation (
    observation_id varchar,
    document_id varchar,
    metric_id varchar,
    place_key varchar,
    place_name varchar,
    place_level varchar,
    platform_id varchar,
    kind varchar,
    period_start date,
    period_end date,
    period_grain varchar,
    period_basis varchar,
    value double,
    value_low double,
    value_high double,
    comparator varchar,
    unit_id varchar,
    quote varchar,
    char_start integer,
    char_end integer,
    value_start integer,
    value_end integer,
    confidence double,
    rule_id varchar,
    extractor_version varchar,
    tier varchar,
    denominator double,
    location varchar
);

create or replace table stage.candidate (
    document_id varchar,
    phrase varchar,
    value double,
    unit_id varchar,
    quote varchar,
    value_start integer,
    value_end integer,
    extractor_version varchar
);

create or replace table stage.platform_mention (
    document_id varchar,
    platform_id varchar,
    quote varchar,
    char_start integer,
    char_end integer,
    extractor_version varchar
);

-- Why a staged row may not become a fact.
create or replace table stage.finding (
    observation_id varchar not null,
    expectation varchar not null,
    reason varchar not null
);

-- How the corrections fared that meet a staged row.
create or replace table stage.correction_outcome (
    observation_id varchar not null,
    document_id varchar not null,
    outcome varchar not null,
    message varchar
);
