-- What is in quarantine and no longer found by a reading of its document ends there.
insert into core.quarantine_end by name
select q.observation_id, q.expectation, q.recorded_at, $now::timestamptz as ended_at, $run_id as run_id
from core.current_quarantine as q
semi join stage.document_read using (document_id)
where not exists (
    select 1
    from stage.finding as f
    join stage.observation as o using (observation_id)
    where f.observation_id = q.observation_id and f.expectation = q.expectation and o.value is not distinct from q.value
);
