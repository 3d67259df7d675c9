-- What the stations of the line have been through, so that a run looks only at what was recorded since.

-- One row each time a station was through with everything recorded up to a moment. Only its last row counts: another
-- version than that looks at everything. Insert-only.
create table ops.station_done (
    station varchar not null,             -- convert, sign, read
    version varchar not null,             -- of whatever it works with
    upto timestamptz not null,
    run_id varchar not null
);
