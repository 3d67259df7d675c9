-- What the suite `document` looks at: the documents converted since a moment that wait to be read.
with landed as (
    select document_id, min(retrieved_at)::date + 1 as landed_on  -- where a day is over later than in UTC
    from core.origin
    where document_id in (select document_id from core.document_version where recorded_at > $since)
    group by document_id
)
select
    d.document_id,
    s.source_id,
    d.published_on,
    length(trim(d.text, chr(9) || chr(10) || chr(13) || chr(32) || chr(160))) as characters,
    d.text = nfc_normalize(d.text) as is_nfc,
    (length(d.text) - length(replace(d.text, '�', ''))) / greatest(length(d.text), 1) as illegible_share,
    coalesce(d.published_on - l.landed_on, 0) as days_ahead
from core.dim_document as d
left join core.dim_source as s using (source_id)
left join landed as l using (document_id)
where d.recorded_at > $since
    and not exists (
        select 1 from core.document_reading as r where r.document_id = d.document_id and r.recorded_at >= d.recorded_at
    );
