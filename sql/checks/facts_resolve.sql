-- critical · owner: data engineer
-- Every metric, place, unit, document and source of a fact exists.
select f.observation_id, f.metric_id, f.place_key, f.unit_id, f.document_id
from new_fact as f
left join core.dim_metric as m using (metric_id)
left join core.dim_place as p using (place_key)
left join core.dim_unit as u on u.unit_id = f.unit_id
left join core.dim_document as d using (document_id)
left join core.dim_source as s using (source_id)
where m.metric_id is null or p.place_key is null or u.unit_id is null or d.document_id is null or s.source_id is null
