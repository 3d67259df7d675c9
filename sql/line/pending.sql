-- What the last run that ended left to say: rejections since, and its sequence number.
select
    (select count(*) from core.rejected_document
        where recorded_at > coalesce((select max(finished_at) from ops.run), timestamptz '1970-01-01')) as to_report,
    coalesce((select max(sequence) from ops.run), 0) as sequence
