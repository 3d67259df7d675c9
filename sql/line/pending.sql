-- What a run would find to do, besides the files in the landing folder.
select
    (select count(*) from core.raw_document
        where document_id not in (select document_id from core.dim_document)
            and document_id not in (
                select document_id from core.rejected_document
                where document_id is not null and converter_version = $converter_version
            )) as to_convert,
    (select count(*) from core.dim_document
        where document_id not in (
            select document_id from core.document_reading where extractor_version = $extractor_version
        )) as to_read,
    (select count(*) from core.rejected_document
        where recorded_at > coalesce((select max(finished_at) from ops.run), timestamptz '1970-01-01')) as to_report,
    coalesce((select max(sequence) from ops.run), 0) as sequence;
