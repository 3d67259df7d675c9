-- What a steward decides at the keyboard beside what stands in corrections.yaml, and what is in quarantine now.

-- Where a row of core.correction comes from: file (corrections.yaml) or steward (kpi quarantine). To the actions comes
-- release: the row becomes a fact although it failed an expectation that a person may overrule.
alter table core.correction add column origin varchar default 'file';

-- The last word of the file on each observation, where the entry was not withdrawn.
create view core.correction_in_file as
select *
from core.correction
where origin = 'file'
qualify row_number() over (partition by observation_id order by recorded_at desc) = 1 and action <> 'withdraw';

-- The last word on each observation, whoever has it; an entry that left the file takes no steward's word with it.
create or replace view core.correction_in_force as
with last_word as (
    select *
    from core.correction
    qualify row_number() over (partition by observation_id, origin order by recorded_at desc) = 1
)
select *
from last_word
where action <> 'withdraw'
qualify row_number() over (partition by observation_id order by recorded_at desc) = 1;

create or replace view core.correction_state as
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
        when o.outcome is null and c.origin = 'file'
            then 'its document no longer gives an observation of this id; take the entry out of corrections.yaml,'
                || ' or name the observation that stands in its place'
        when o.outcome = 'stale' then o.message
        when o.outcome = 'applied' and f.observation_id is null
            then 'corrected as it says, it fails the audit (core.quarantine_observation says why); mend the entry'
        when o.outcome = 'released' and f.observation_id is null
            then 'released, it fails what nobody can overrule (kpi quarantine show says what); correct or reject it'
    end as problem,
    c.reason,
    c.decided_by,
    c.decided_on
from core.correction_in_force as c
left join core.correction_document as d using (observation_id)
left join latest_reading as r on r.document_id = d.document_id
left join core.correction_outcome as o on o.observation_id = c.observation_id and o.recorded_at = r.read_at
left join core.current_observation as f on f.observation_id = c.observation_id;

-- A row that lacks what every fact has is in quarantine too.
alter table core.quarantine_observation alter column value drop not null;
alter table core.quarantine_observation alter column comparator drop not null;
alter table core.quarantine_observation alter column kind drop not null;
alter table core.quarantine_observation alter column quote drop not null;
alter table core.quarantine_observation alter column char_start drop not null;
alter table core.quarantine_observation alter column value_start drop not null;
alter table core.quarantine_observation alter column value_end drop not null;
alter table core.quarantine_observation alter column confidence drop not null;
alter table core.quarantine_observation alter column rule_id drop not null;
alter table core.quarantine_observation alter column extractor_version drop not null;

-- One row per row of core.quarantine_observation that a later reading of its document no longer gives, or no longer fails.
-- Insert-only.
create table core.quarantine_end (
    observation_id varchar not null,
    expectation varchar not null,
    recorded_at timestamptz not null,   -- of the row that ended
    ended_at timestamptz not null,
    run_id varchar not null
);

-- What is in quarantine now.
create view core.current_quarantine as
select q.*
from core.quarantine_observation as q
anti join core.quarantine_end as e using (observation_id, expectation, recorded_at);
