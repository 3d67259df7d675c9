-- Raw documents, recorded or told more of since a moment, that this converter version has neither converted, since their
-- origin last changed, nor rejected; one that was too large waits again once the limit has been raised above it, one that
-- needs a program once that is installed (`refused_by`: this version as it is, and without each program that is missing).
with told as (
    select distinct document_id from core.origin where recorded_at > $since
)
select o.document_id, o.name, o.url, o.source_id, o.published_on
from core.document_origin as o
join core.raw_document as d using (document_id)
semi join told using (document_id)
where not exists (
        select 1
        from core.document_version as v
        where v.document_id = o.document_id
            and v.converter_version = $converter_version
            and v.recorded_at >= o.changed_at
    )
    and not exists (
        select 1
        from core.rejected_document as r
        where r.document_id = o.document_id
            and list_contains($refused_by, r.converter_version)
            and not (r.reason = 'too_large' and d.bytes <= $max_bytes)
    )
order by o.document_id
