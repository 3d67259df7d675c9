-- The latest time under which anything was recorded.
select greatest(
    (select max(recorded_at) from core.origin),
    (select max(recorded_at) from core.document_version),
    (select max(recorded_at) from core.document_signature),
    (select max(recorded_at) from core.document_cluster),
    (select max(recorded_at) from core.dimension_change),
    (select max(recorded_at) from core.correction),
    (select max(upto) from ops.station_done),
    (select max(finished_at) from ops.run),
    (select max(built_at) from ops.mart_build)
)
