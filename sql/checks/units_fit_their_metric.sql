-- critical · owner: data steward
-- A fact has its metric's unit and lies within the metric's bounds, unless a steward released it.
select f.observation_id, f.metric_id, f.place_key, f.value, f.unit_id, f.quote
from new_fact as f
anti join core.supersession using (observation_id, recorded_at)
join core.dim_metric as m using (metric_id)
where f.unit_id <> m.unit_id
    or (
        (f.value < m.lower_bound or f.value > coalesce(m.upper_bound, 'infinity'::double))
        and f.observation_id not in (select observation_id from core.correction_in_force where action = 'release')
    )
