-- Archives and mails: no documents themselves, their members are.

-- One row per container that was unpacked; its bytes lie in raw/ under its hash. Insert-only.
create table core.container (
    document_id varchar primary key,  -- SHA-256 of the bytes
    name varchar not null,            -- of one inside another: "a.zip!b.zip"
    members integer not null,         -- taken in
    refused integer not null,         -- core.rejected_document says why: "a.zip!b/c.pdf"
    recorded_at timestamptz not null,
    run_id varchar not null
);

alter table core.origin add column container_id varchar;

-- What holds of an origin: the name it first came under, and the last word on everything else.
create or replace view core.document_origin as
select
    document_id,
    arg_min(name, retrieved_at) as name,
    arg_max(url, retrieved_at) as url,
    arg_max(source_id, retrieved_at) as source_id,
    arg_max(published_on, retrieved_at) as published_on,
    min(retrieved_at) as retrieved_at,
    max(recorded_at) as changed_at,
    arg_min_null(container_id, retrieved_at) as container_id
from core.origin
group by document_id;

-- What could not be read and still can't: no text came of its bytes since, or of a file or container of its name.
create or replace view core.unread_document as
select r.*
from core.rejected_document as r
where case when r.document_id is not null
    then r.document_id not in (select document_id from core.document_version)
    else not exists (select 1 from core.origin as o where o.name = r.name and o.recorded_at > r.recorded_at)
        and not exists (
            select 1
            from core.container as c
            where c.recorded_at > r.recorded_at and (c.name = r.name or starts_with(r.name, c.name || '!'))
        )
end
qualify row_number() over (partition by coalesce(r.document_id, r.name) order by r.recorded_at desc) = 1;
