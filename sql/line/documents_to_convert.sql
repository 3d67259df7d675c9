-- Raw documents that this converter version has neither converted nor rejected; one that was too large
-- waits again once the limit has been raised above it.
select d.document_id, d.name, d.url, d.source_id, d.published_on
from core.raw_document as d
where d.document_id not in (select document_id from core.dim_document)
    and not exists (
        select 1
        from core.rejected_document as r
        where r.document_id = d.document_id
            and r.converter_version = $converter_version
            and not (r.reason = 'too_large' and d.bytes <= $max_bytes)
    )
order by d.document_id
