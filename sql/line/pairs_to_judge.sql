-- Each document of `batch` with every other that shares a band with it, each pair once. The other counts as its cluster,
-- but where it is in `batch` too. Signatures of another version, or with a later one or a later text, are left out.
with signature as (
    select document_id, bands, figures, recorded_at from core.document_signature where signature_version = $signature_version
),
sought as (
    select s.*
    from signature as s
    join batch using (document_id)
    qualify row_number() over (partition by s.document_id order by s.recorded_at desc) = 1
),
-- every band of every signature is looked at: by row number, for its names are many times as long
banded as (
    select rowid as row_number, unnest(bands) as band, generate_subscripts(bands, 1) as position from core.document_signature
),
sharing as (
    select distinct s.document_id, o.row_number
    from banded as o
    join (select document_id, unnest(bands) as band, generate_subscripts(bands, 1) as position from sought) as s
        using (band, position)
),
met as (
    select m.document_id, o.document_id as other_id, o.recorded_at as other_at
    from sharing as m
    join core.document_signature as o on o.rowid = m.row_number and o.signature_version = $signature_version
    where o.document_id > m.document_id
        or o.document_id < m.document_id and o.document_id not in (select document_id from batch)
),
current as (
    select *
    from met as m
    where not exists (
            select 1 from core.document_signature as s where s.document_id = m.other_id and s.recorded_at > m.other_at
        )
        and not exists (
            select 1 from core.document_version as d where d.document_id = m.other_id and d.recorded_at > m.other_at
        )
)
select
    c.document_id,
    case when c.other_id in (select document_id from batch) then c.other_id
        else coalesce(k.cluster_id, c.other_id)
    end as other_id,
    s.bands,
    s.figures,
    o.bands as other_bands,
    o.figures as other_figures
from current as c
join sought as s using (document_id)
join signature as o on o.document_id = c.other_id and o.recorded_at = c.other_at
left join core.clustered_document as k on k.document_id = c.other_id;
