-- The run's row, with what it did.
insert into ops.run by name
select
    coalesce((select max(sequence) from ops.run), 0) + 1 as sequence,
    $run_id as run_id,
    $now::timestamptz as finished_at,
    $extractor_version as extractor_version,
    $curated_version as curated_version,
    (select count(*) from core.document_reading where run_id = $run_id) as documents,
    (select count(*) from core.rejected_document
        where recorded_at > coalesce((select max(finished_at) from ops.run), timestamptz '1970-01-01')) as rejected,
    (select count(*) from core.fact_observation where run_id = $run_id) as observations,
    (select count(distinct observation_id) from core.quarantine_observation where run_id = $run_id) as quarantined,
    (select count(*) from core.supersession where run_id = $run_id and reason <> 'replaced') as retracted;
