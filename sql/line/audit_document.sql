-- What the suite `document` looks at: the documents that wait to be read.
select document_id, source_id, published_on, length(trim(text)) as characters
from core.dim_document
where document_id not in (select document_id from core.document_reading);
