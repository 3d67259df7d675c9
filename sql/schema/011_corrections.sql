-- What people corrected or rejected (warehouse/reference/corrections.yaml), and how each entry fared at each reading.

-- One row each time an entry was added, changed or withdrawn. Insert-only. Null: not spoken of.
create table core.correction (
    observation_id varchar not null,  -- as read; it stays the fact's id, whatever is set
    action varchar not null,          -- set, reject, withdraw
    expected_value double,            -- what the reading must give for the entry to be used
    expected_comparator varchar,
    expected_metric_id varchar,
    expected_place_key varchar,
    expected_unit_id varchar,
    expected_kind varchar,
    expected_period_start date,
    expected_period_end date,
    right_value double,               -- what holds instead
    right_comparator varchar,
    right_metric_id varchar,
    right_place_key varchar,
    right_unit_id varchar,
    right_kind varchar,
    right_period_start date,
    right_period_end date,
    right_value_high double,          -- the upper end of a range
    right_tier varchar,
    right_period_grain varchar,
    reason varchar,
    decided_by varchar,
    decided_on date,
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- The last word on each observation, where it isn't that the entry was withdrawn.
create view core.correction_in_force as
select *
from core.correction
qualify row_number() over (partition by observation_id order by recorded_at desc) = 1 and action <> 'withdraw';

-- One row per entry in force and reading that found its observation.
create table core.correction_outcome (
    observation_id varchar not null,
    document_id varchar not null,
    outcome varchar not null,         -- applied, rejected, stale
    message varchar,                  -- of a stale one: what was expected, what was read, what to do
    recorded_at timestamptz not null, -- the reading's own
    run_id varchar not null
);

create table stage.correction_outcome (
    observation_id varchar not null,
    document_id varchar not null,
    outcome varchar not null,
    message varchar
);

-- The document of each observation that ever had an entry.
create view core.correction_document as
select observation_id, document_id from core.fact_observation where observation_id in (select observation_id from core.correction)
union
select observation_id, document_id from core.quarantine_observation where observation_id in (select observation_id from core.correction);

-- How every entry in force fared when its document was last read; problem is null where it does what it says.
create view core.correction_state as
with latest_reading as (
    select document_id, max(recorded_at) as read_at
    from core.document_reading
    group by document_id
)
select
    c.observation_id,
    c.action,
    d.document_id,
    o.outcome,
    case
        when d.document_id is null
            then 'no observation of this id was ever read; look it up again, or take the entry out of corrections.yaml'
        when o.outcome is null
            then 'its document no longer gives an observation of this id; take the entry out of corrections.yaml,'
                || ' or name the observation that stands in its place'
        when o.outcome = 'stale' then o.message
        when o.outcome = 'applied' and f.observation_id is null
            then 'corrected as it says, it fails the audit (core.quarantine_observation says why); mend the entry'
    end as problem,
    c.reason,
    c.decided_by,
    c.decided_on
from core.correction_in_force as c
left join core.correction_document as d using (observation_id)
left join latest_reading as r on r.document_id = d.document_id
left join core.correction_outcome as o on o.observation_id = c.observation_id and o.recorded_at = r.read_at
left join core.current_observation as f on f.observation_id = c.observation_id;
