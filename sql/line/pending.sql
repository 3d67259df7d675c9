-- What the last run that ended left to say: rejections since, whether targets or corrections were changed, and its sequence number.
select
    (select count(*) from core.rejected_document
        where recorded_at > coalesce((select max(finished_at) from ops.run), timestamptz '1970-01-01')) as to_report,
    $curated_version is distinct from (select curated_version from ops.run order by sequence desc limit 1) as curated_changed,
    coalesce((select max(sequence) from ops.run), 0) as sequence
