-- Official targets, curated in warehouse/reference/targets.csv. The table is what the file says now; its history is git's.

create table core.fact_target (
    target_id varchar primary key,    -- hash of metric, scope, year and legal basis
    metric_id varchar not null,
    scope_level varchar not null,     -- it holds for every place of this level: national, province, district, commune
    place_key varchar not null,       -- … that is this place or lies in it: VN is the whole country
    target_year integer not null,
    period_end date not null,         -- the last day of that year
    comparator varchar not null,      -- eq gt ge lt le
    value double not null,            -- in the metric's unit: shares in percent
    unit_id varchar not null,
    legal_basis varchar not null,     -- the document's number, and the province where it is a province's own
    issued_on date,                   -- null: not known
    source_url varchar not null,
    confirmed boolean not null,       -- the page at source_url was seen to state the figure
    note varchar                      -- what the figure is of, where that is narrower than the metric
);

-- Which targets and corrections a run worked with: after a change of either there is something to do.
alter table ops.run add column curated_version varchar;
