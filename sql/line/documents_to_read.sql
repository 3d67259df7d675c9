-- Documents that this extractor version has not read.
select d.document_id, d.text, d.title, d.published_on, coalesce(d.publisher, s.name) as publisher, d.url
from core.dim_document as d
left join core.dim_source as s on s.source_id = d.source_id and s.source_id <> 'unknown'
where d.document_id not in (
    select document_id from core.document_reading where extractor_version = $extractor_version
)
order by d.document_id
