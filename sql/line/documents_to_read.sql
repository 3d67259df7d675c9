-- Documents, converted or corrected since a moment, whose latest reading is not by this extractor version and catalogue, or
-- of an earlier text, or older than a correction of an observation of theirs, or its withdrawal.
with corrected as (
    select document_id, max(recorded_at) as recorded_at
    from core.correction
    join core.correction_document using (observation_id)
    where recorded_at > $since
    group by document_id
),
news as (
    select document_id from core.document_version where recorded_at > $since
    union
    select document_id from corrected
),
-- the texts by version, so that only those of the news are fetched
current as (
    select document_id, recorded_at from core.dim_document semi join news using (document_id)
),
latest as (
    select document_id, arg_max(extractor_version, recorded_at) as extractor_version, max(recorded_at) as read_at
    from core.document_reading
    semi join news using (document_id)
    group by document_id
)
select d.document_id, d.text, d.title, d.published_on, coalesce(d.publisher, s.name) as publisher, d.url, d.marks, d.legibility
from core.document_version as d
join current using (document_id, recorded_at)
left join core.dim_source as s on s.source_id = d.source_id and s.source_id <> 'unknown'
left join latest using (document_id)
left join corrected using (document_id)
where latest.extractor_version is distinct from $extractor_version
    or latest.read_at < d.recorded_at
    or latest.read_at < corrected.recorded_at
order by d.document_id
