-- Documents whose last signature is not of this version, or of an earlier text.
select d.document_id, d.text
from core.dim_document as d
left join (
    select document_id, arg_max(signature_version, recorded_at) as signature_version, max(recorded_at) as signed_at
    from core.document_signature
    group by document_id
) as latest using (document_id)
where latest.signature_version is distinct from $signature_version or latest.signed_at < d.recorded_at
order by d.document_id
