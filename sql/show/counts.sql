-- The sizes `kpi doctor` shows.
select
    (select count(*) from core.raw_document) as raw_documents,
    (select count(*) from core.dim_document) as documents,
    (select count(*) from core.rejected_document) as rejected,
    (select count(*) from core.current_observation) as facts,
    (select count(distinct observation_id) from core.quarantine_observation) as quarantined,
    (select count(*) from ops.run) as runs
