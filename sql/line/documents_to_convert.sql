-- Raw documents that this converter version has neither converted nor rejected.
select document_id, name, url, source_id, published_on
from core.raw_document
where document_id not in (select document_id from core.dim_document)
    and document_id not in (
        select document_id from core.rejected_document
        where document_id is not null and converter_version = $converter_version
    )
order by document_id;
