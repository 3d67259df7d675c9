-- The same for a row that stands in quarantine.
select
    q.*,
    d.title, d.publisher, d.url, d.published_on, r.name as file_name, s.name as source
from core.quarantine_observation as q
join core.dim_document as d using (document_id)
join core.dim_source as s using (source_id)
join core.raw_document as r using (document_id)
where q.observation_id = $observation_id
order by q.recorded_at
