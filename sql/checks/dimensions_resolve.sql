-- critical · owner: data steward
-- The catalogue holds together: units and systems of metrics, provinces of places, metrics, places and units of targets exist.
select 'metric' as entry, metric_id as id, 'unit ' || unit_id as lacks
from core.dim_metric
anti join core.dim_unit using (unit_id)
union all
select 'metric', metric_id, 'platform ' || platform_id
from core.dim_metric
anti join core.dim_platform using (platform_id)
where platform_id is not null
union all
select 'place', p.place_key, 'parent ' || p.parent_key
from core.dim_place as p
where p.parent_key is not null and p.parent_key not in (select place_key from core.dim_place)
union all
select 'place', p.place_key, 'province ' || p.province_key
from core.dim_place as p
where p.province_key is not null and p.province_key not in (select place_key from core.dim_place)
union all
select 'target', t.target_id, 'metric ' || t.metric_id || ' in ' || t.unit_id
from core.fact_target as t
anti join core.dim_metric as m on m.metric_id = t.metric_id and m.unit_id = t.unit_id
union all
select 'target', t.target_id, 'place ' || t.place_key
from core.fact_target as t
anti join core.dim_place as p using (place_key)
