-- info · owner: data steward
-- The place existed when its figure was true; a document may still use an old name after a reform (mart.todays_unit carries it over).
select f.observation_id, f.metric_id, f.place_key, f.period_end, p.valid_from, p.valid_to, f.quote
from new_fact as f
anti join core.supersession using (observation_id, recorded_at)
join core.dim_place as p using (place_key)
where f.kind = 'actual' and (f.period_end < p.valid_from or f.period_start >= p.valid_to)
