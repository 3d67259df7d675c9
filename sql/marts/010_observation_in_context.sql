-- mart.observation_in_context · view
-- Grain: one row per observation that holds now, with the names an analyst reads.
-- Every other mart starts from it.
select
    f.observation_id,
    f.metric_id,
    m.name_vi as metric,
    m.pillar,
    f.place_key,
    p.name as place,
    p.full_name as place_full_name,
    p.level as place_level,
    province.name as province,
    f.tier,
    f.kind,
    f.period_start,
    f.period_end,
    f.period_grain,
    f.period_basis,
    f.comparator,
    f.value,
    f.value_low,
    f.value_high,
    f.denominator,
    f.unit_id,
    f.platform_id,
    f.confidence,
    f.quote,
    f.location,
    d.title,
    d.published_on,
    d.url,
    s.source_id,
    case when s.source_id = 'unknown' then coalesce(d.publisher, s.name) else s.name end as source,
    s.authority,
    f.document_id,
    coalesce(c.cluster_id, f.document_id) as cluster_id,
    f.recorded_at
from core.current_observation as f
join core.dim_metric as m using (metric_id)
join core.dim_place as p using (place_key)
left join core.dim_place as province on province.place_key = p.province_key
join core.dim_document as d using (document_id)
join core.dim_source as s using (source_id)
left join core.clustered_document as c on c.document_id = f.document_id
