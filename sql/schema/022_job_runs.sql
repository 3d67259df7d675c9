-- What became of every run, and how long its stations took: written when it ends, whatever the job, by whoever started it.

-- One row per run that ended. Insert-only; a run that was killed has none.
create table ops.job_run (
    run_id varchar not null,
    job varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    succeeded boolean not null,
    error varchar                     -- null: it succeeded
);

-- One row per station that such a run came to.
create table ops.station_run (
    run_id varchar not null,
    station varchar not null,
    seconds double not null,
    succeeded boolean not null
);
