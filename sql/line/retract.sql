-- Facts of the documents just read that the reading no longer finds.
insert into core.retraction
select c.observation_id, 'not found by ' || r.extractor_version, r.extractor_version, $now::timestamptz, $run_id
from core.current_observation as c
join stage.document_read as r using (document_id)
where c.observation_id not in (
    select observation_id from stage.observation
    where observation_id not in (select observation_id from stage.finding)
);
