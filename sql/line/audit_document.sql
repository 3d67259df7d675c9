-- What the suite `document` looks at: the documents converted by one run.
select document_id, source_id, published_on, length(trim(text)) as characters
from core.dim_document
where run_id = $run_id;
