-- Metrics, places and provinces to ask about.
select metric_id, place_key, province_key
from mart.latest_observation
join core.dim_place using (place_key)
where province_key is not null
order by hash(observation_id)
limit $rounds
