-- The staged documents count as read by this extractor version.
insert into core.document_reading by name
select
    r.document_id,
    r.extractor_version,
    count(distinct o.observation_id) filter (f.observation_id is null) as facts,
    count(distinct f.observation_id) as quarantined,
    $now::timestamptz as recorded_at,
    $run_id as run_id
from stage.document_read as r
left join stage.observation as o using (document_id)
left join stage.finding as f using (observation_id)
group by all;
