-- Documents from which nothing was ever read, and that were last refused before a moment. Archives and mails whose members
-- were taken are none of them.
select document_id
from core.unread_document
where recorded_at < $before
    and document_id is not null
    and document_id not in (select document_id from core.container)
order by document_id
