-- What the pipeline says of itself.

create schema ops;

-- One row per run that changed the warehouse, written in the transaction that appended its facts.
create table ops.run (
    sequence bigint primary key,
    run_id varchar not null,
    finished_at timestamptz not null,
    extractor_version varchar not null,
    documents integer not null,
    rejected integer not null,
    observations integer not null,
    quarantined integer not null,
    retracted integer not null
);

-- One row per expectation or check and run.
create table ops.dq_result (
    run_id varchar not null,
    suite varchar not null,
    expectation varchar not null,
    scope varchar not null,           -- row: failing rows go to quarantine; table: a critical failure blocks
    severity varchar not null,        -- critical, warning, info
    success boolean not null,
    observed varchar,
    failing_rows bigint not null,
    sample varchar,                   -- JSON: up to five failing rows
    reason varchar not null,
    owner varchar not null,
    recorded_at timestamptz not null
);

create schema mart;
