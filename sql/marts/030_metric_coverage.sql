-- mart.metric_coverage
-- Grain: one row per metric of the catalogue: how much is known of it, and since when.
create or replace table mart.metric_coverage as
select
    m.metric_id,
    m.name_vi as metric,
    m.pillar,
    count(o.observation_id) as observations,
    count(distinct o.place_key) as places,
    count(distinct o.document_id) as documents,
    min(o.period_end) as first_period,
    max(o.period_end) as last_period,
    coalesce(list(o.observation_id order by o.observation_id) filter (o.observation_id is not null), []) as observation_ids
from core.dim_metric as m
left join mart.observation_in_context as o using (metric_id)
group by all;
