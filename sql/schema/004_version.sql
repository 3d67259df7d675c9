-- Which version a published file is; empty in the pipeline's own database.

create table ops.version (
    version varchar primary key,      -- the file's name without its suffix
    sequence bigint not null,         -- the last ops.run it holds
    facts bigint not null,            -- rows of core.fact_observation, what holds now or not
    run_id varchar not null,
    built_at timestamptz not null
);
