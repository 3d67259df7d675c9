-- mart.metric_coverage · view
-- Grain: one row per metric of the catalogue: how much is known of it, and since when.
select
    m.metric_id,
    m.name_vi as metric,
    m.pillar,
    coalesce(c.statements, 0) as statements,
    coalesce(c.places, 0) as places,
    c.first_period,
    c.last_period,
    coalesce(c.observation_ids, []) as observation_ids
from core.dim_metric as m
left join mart.covered_metric as c using (metric_id)
