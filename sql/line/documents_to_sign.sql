-- Documents converted since a moment whose last signature is not of this version, or of an earlier text.
with converted as (
    select document_id, text, recorded_at from core.dim_document where recorded_at > $since
),
latest as (
    select document_id, arg_max(signature_version, recorded_at) as signature_version, max(recorded_at) as signed_at
    from core.document_signature
    semi join converted using (document_id)
    group by document_id
)
select d.document_id, d.text
from converted as d
left join latest using (document_id)
where latest.signature_version is distinct from $signature_version or latest.signed_at < d.recorded_at
order by d.document_id
