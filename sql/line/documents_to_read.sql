-- Documents whose latest reading is not by this extractor version and catalogue, or of an earlier text, or older than a
-- correction of an observation of theirs, or its withdrawal.
select d.document_id, d.text, d.title, d.published_on, coalesce(d.publisher, s.name) as publisher, d.url
from core.dim_document as d
left join core.dim_source as s on s.source_id = d.source_id and s.source_id <> 'unknown'
left join (
    select document_id, arg_max(extractor_version, recorded_at) as extractor_version, max(recorded_at) as read_at
    from core.document_reading
    group by document_id
) as latest using (document_id)
left join (
    select document_id, max(recorded_at) as recorded_at
    from core.correction
    join core.correction_document using (observation_id)
    group by document_id
) as corrected using (document_id)
where latest.extractor_version is distinct from $extractor_version
    or latest.read_at < d.recorded_at
    or latest.read_at < corrected.recorded_at
order by d.document_id
