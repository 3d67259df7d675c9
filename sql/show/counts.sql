-- The sizes `kpi doctor` shows; quarantined is what the latest reading of each document left there.
select
    (select count(*) from core.raw_document) as raw_documents,
    (select count(*) from core.dim_document) as documents,
    (select count(*) from core.unread_document) as not_readable,
    (select count(*) from core.current_observation) as facts,
    (select coalesce(sum(quarantined), 0)::bigint from (
        select arg_max(quarantined, recorded_at) as quarantined from core.document_reading group by document_id
    )) as quarantined,
    (select count(*) from ops.run) as runs
