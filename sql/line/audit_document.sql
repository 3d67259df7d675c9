-- What the suite `document` looks at: the documents converted since a moment that wait to be read.
select d.document_id, d.source_id, d.published_on, length(trim(d.text)) as characters
from core.dim_document as d
where d.recorded_at > $since
    and not exists (
        select 1 from core.document_reading as r where r.document_id = d.document_id and r.recorded_at >= d.recorded_at
    );
