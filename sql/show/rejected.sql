-- What could not be read and has not been replaced, the latest first: shown by the summary.
select name, reason, message, recorded_at
from core.unread_document
order by recorded_at desc, name
