-- mart.metric_coverage · view
-- Grain: one row per metric of the catalogue: how much is known of it, and since when.
select
    m.metric_id,
    m.name_vi as metric,
    m.pillar,
    coalesce(sum(o.statements_so_far), 0)::bigint as statements,
    count(distinct o.place_key) as places,
    min(o.first_period_end) as first_period,
    max(o.period_end) as last_period,
    coalesce(list(o.observation_id order by o.observation_id) filter (o.observation_id is not null), []) as observation_ids
from core.dim_metric as m
left join mart.latest_observation as o using (metric_id)
group by all
