-- What the last run that ended left to say: rejections and signatures since, whether targets or corrections were changed,
-- and its sequence number.
with last as (
    select coalesce(max(finished_at), timestamptz '1970-01-01') as finished_at, coalesce(max(sequence), 0) as sequence
    from ops.run
)
select
    (select count(*) from core.rejected_document where recorded_at > last.finished_at)
        + (select count(*) from core.document_signature where recorded_at > last.finished_at) as to_report,
    $curated_version is distinct from (select curated_version from ops.run order by sequence desc limit 1) as curated_changed,
    last.sequence
from last
