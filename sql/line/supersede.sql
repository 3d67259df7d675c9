-- What the documents just read no longer say, or say otherwise since the row that held before: both have ended.
insert into core.supersession by name
with read_before as (
    select * from stage.document_read semi join core.document_reading using (document_id)
)
select
    c.observation_id,
    c.recorded_at,
    $now::timestamptz as superseded_at,
    case
        when n.observation_id is not null then 'replaced'
        when f.observation_id is not null then 'held back: ' || f.expectations
        else 'not_found'
    end as reason,
    r.extractor_version,
    $run_id as run_id
from core.current_observation as c
join read_before as r using (document_id)
left join (from core.fact_observation where recorded_at = $now::timestamptz) as n using (observation_id)
left join (
    select observation_id, string_agg(expectation, ', ' order by expectation) as expectations
    from stage.finding
    group by observation_id
) as f using (observation_id)
where c.recorded_at < $now::timestamptz
    and (
        n.observation_id is not null
        or f.observation_id is not null
        or c.observation_id not in (select observation_id from stage.observation)
    );
