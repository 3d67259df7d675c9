-- Question: What do we know of a named digital system, in figures and in words?
-- Câu hỏi: Ta biết gì về một nền tảng, hệ thống (iOffice, VNeID, một cửa điện tử …)?
-- Row: a quoted figure of the system, or a sentence that speaks of it
-- Param: platform text · id or name of the system
-- Param: province text = % · name of the province of the figures
with platform as (
    select * from core.dim_platform
    where platform_id like lower($platform) or folded(name_vi) like folded($platform) or folded(name_en) like folded($platform)
),
figure as (
    select platform_id, metric, place_full_name as place, period_end, comparator, value, unit_id, quote, title, published_on, url, observation_ids
    from mart.latest_observation
    semi join places_called('%', $province) using (place_key)
),
mention as (
    select m.platform_id, m.quote, d.title, d.published_on, d.url, m.char_start, m.document_id
    from core.current_platform_mention as m
    join core.dim_document as d using (document_id)
),
known as (
    select 'figure' as what, *, 0 as char_start, '' as document_id from figure
    union all by name
    select 'mention' as what, *, [] as observation_ids from mention
)
select
    p.name_vi as platform,
    k.what,
    k.metric,
    k.place,
    k.period_end,
    k.comparator,
    k.value,
    k.unit_id,
    k.quote,
    k.title,
    k.published_on,
    k.url,
    k.observation_ids
from known as k
join platform as p using (platform_id)
order by platform, k.what, k.published_on desc nulls last, k.metric, k.place, k.document_id, k.char_start
