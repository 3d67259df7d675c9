-- A document's history: what was said of where it came from, and each text it was converted to.

-- One row each time something new was said of a document's origin; null: nothing said.
create table core.origin (
    document_id varchar not null,
    name varchar not null,           -- the file's name or the address it was added by
    url varchar,
    source_id varchar,
    published_on date,
    retrieved_at timestamptz not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

insert into core.origin by name
select document_id, name, url, source_id, published_on, coalesce(retrieved_at, recorded_at) as retrieved_at, recorded_at, run_id
from core.raw_document;

alter table core.raw_document drop column name;
alter table core.raw_document drop column url;
alter table core.raw_document drop column source_id;
alter table core.raw_document drop column published_on;
alter table core.raw_document drop column retrieved_at;

-- What holds of an origin: the name it first came under, and the last word on everything else.
create view core.document_origin as
select
    document_id,
    arg_min(name, retrieved_at) as name,
    arg_max(url, retrieved_at) as url,
    arg_max(source_id, retrieved_at) as source_id,
    arg_max(published_on, retrieved_at) as published_on,
    min(retrieved_at) as retrieved_at,
    max(recorded_at) as changed_at
from core.origin
group by document_id;

-- One row per document each time it was converted: by a newer converter, or after its origin was corrected.
-- Insert-only, so that every fact still stands in the text it was read from.
create table core.document_version (
    document_id varchar not null,
    converter_version varchar not null,
    media_type varchar not null,
    title varchar,
    author varchar,
    publisher varchar,
    url varchar,
    source_id varchar not null,
    published_on date,
    published_basis varchar not null, -- given, metadata, text, none
    text varchar not null,
    recorded_at timestamptz not null,
    run_id varchar not null
);

insert into core.document_version by name select * from core.dim_document;
drop table core.dim_document;

-- One row per document that could be read, as it was last converted.
create view core.dim_document as
select v.*
from core.document_version as v
join (select document_id, max(recorded_at) as recorded_at from core.document_version group by document_id) as newest
    using (document_id, recorded_at);

-- What could not be read and still can't: no text came of its bytes since, or of a file of its name.
create view core.unread_document as
select r.*
from core.rejected_document as r
where case when r.document_id is not null
    then r.document_id not in (select document_id from core.document_version)
    else not exists (select 1 from core.origin as o where o.name = r.name and o.recorded_at > r.recorded_at)
end
qualify row_number() over (partition by coalesce(r.document_id, r.name) order by r.recorded_at desc) = 1;
