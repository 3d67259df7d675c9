-- The documents of `synthetic`, recorded as converted and read.
insert into core.raw_document by name
select distinct document_id, 400 as bytes, timestamptz '2026-01-01' as recorded_at, 'synthetic' as run_id from synthetic;

insert into core.origin by name
select distinct
    document_id, 'synthetic' as name, published_on, timestamptz '2026-01-01' as retrieved_at,
    timestamptz '2026-01-01' as recorded_at, 'synthetic' as run_id
from synthetic;

insert into core.document_version by name
select
    document_id,
    $converter as converter_version,
    'text/plain' as media_type,
    'Bản tin' as title,
    any_value(source_id) as source_id,
    any_value(published_on) as published_on,
    'given' as published_basis,
    string_agg(quote, ' ' order by k) as text,
    timestamptz '2026-01-01' as recorded_at,
    'synthetic' as run_id
from synthetic
group by document_id;
