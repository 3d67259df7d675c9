-- Staged rows without findings that say something new: unknown, or other than what holds now.
with read_before as (
    select document_id from stage.document_read semi join core.document_reading using (document_id)
),
held as (
    select c.* from core.current_observation as c semi join read_before using (document_id)
)
insert into core.fact_observation by name
select o.* exclude (place_name, place_level), $now::timestamptz as recorded_at, $run_id as run_id
from stage.observation as o
where o.observation_id not in (select observation_id from stage.finding)
    and not exists (
        select 1
        from held as c
        where c.observation_id = o.observation_id
            and c.metric_id = o.metric_id
            and c.place_key = o.place_key
            and c.kind = o.kind
            and c.period_start = o.period_start
            and c.period_end = o.period_end
            and c.value = o.value
            and c.comparator = o.comparator
            and c.value_low is not distinct from o.value_low
            and c.value_high is not distinct from o.value_high
            and c.unit_id = o.unit_id
            and c.platform_id is not distinct from o.platform_id
            and c.tier is not distinct from o.tier
            and c.denominator is not distinct from o.denominator
            and c.quote = o.quote
            and c.location is not distinct from o.location
    );
