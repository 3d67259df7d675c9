-- What could not be read and has not been replaced: shown by the summary and by `kpi doctor`.
select name, reason, message, recorded_at
from core.rejected_document
where document_id is null or document_id not in (select document_id from core.dim_document)
order by recorded_at desc, name
