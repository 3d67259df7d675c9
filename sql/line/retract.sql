-- Facts of the documents just read that the reading no longer finds, or that it finds and holds back.
insert into core.retraction
select
    c.observation_id,
    coalesce('held back: ' || f.expectations, 'not found by ' || r.extractor_version),
    r.extractor_version,
    $now::timestamptz,
    $run_id
from core.current_observation as c
join stage.document_read as r using (document_id)
left join (
    select observation_id, string_agg(expectation, ', ' order by expectation) as expectations
    from stage.finding
    group by observation_id
) as f using (observation_id)
where f.observation_id is not null or c.observation_id not in (select observation_id from stage.observation);
