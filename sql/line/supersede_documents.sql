-- The texts that the documents just converted had before.
insert into core.document_supersession by name
select v.document_id, v.recorded_at, $now::timestamptz as superseded_at, $run_id as run_id
from core.dim_document as v
semi join (from core.document_version where recorded_at = $now::timestamptz) as n using (document_id)
where v.recorded_at < $now::timestamptz;
