-- What the registered frame `batch` says of origins, where it says something that is not known yet; of two that say the same
-- of one document, the first.
with said as (
    select
        *,
        row_number() over (partition by document_id order by retrieved_at, name) as nth,
        row_number() over (partition by document_id, url, source_id, published_on order by retrieved_at, name) as nth_alike
    from batch
)
insert into core.origin by name
select b.* exclude (nth, nth_alike)
from said as b
left join core.document_origin as o using (document_id)
where b.nth_alike = 1
    and (
        (o.document_id is null and b.nth = 1)
        or coalesce(b.url <> o.url, b.url is not null)
        or coalesce(b.source_id <> o.source_id, b.source_id is not null)
        or coalesce(b.published_on <> o.published_on, b.published_on is not null)
    );
