-- The documents, as an export lists what is behind its rows. One row per document.
select d.title, d.publisher, s.name as source, d.published_on, d.url, d.source_id, d.document_id
from core.dim_document as d
join core.dim_source as s using (source_id)
order by d.published_on desc nulls last, d.document_id;
