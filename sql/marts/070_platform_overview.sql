-- mart.platform_overview · view
-- Grain: one row per named digital system: what is known of it, in figures and in words.
with figures as (
    select platform_id, count(*) as figures, list(observation_id order by observation_id) as observation_ids
    from mart.latest_observation
    where platform_id is not null
    group by platform_id
),
words as (
    select
        m.platform_id,
        count(*) as mentions,
        count(distinct m.document_id) as documents,
        max(d.published_on) as last_published_on,
        arg_max(m.quote, (d.published_on, m.char_start)) as last_quote
    from core.current_platform_mention as m
    join core.dim_document as d using (document_id)
    group by m.platform_id
)
select
    p.platform_id,
    p.name_vi as platform,
    coalesce(f.figures, 0) as figures,
    coalesce(w.mentions, 0) as mentions,
    coalesce(w.documents, 0) as documents,
    w.last_published_on,
    w.last_quote,
    coalesce(f.observation_ids, []) as observation_ids
from core.dim_platform as p
left join figures as f using (platform_id)
left join words as w using (platform_id)
