-- What the registered frame `batch` says of origins, where it says something that is not known yet.
insert into core.origin by name
select b.*
from batch as b
left join core.document_origin as o using (document_id)
where o.document_id is null
    or coalesce(b.url <> o.url, b.url is not null)
    or coalesce(b.source_id <> o.source_id, b.source_id is not null)
    or coalesce(b.published_on <> o.published_on, b.published_on is not null);
