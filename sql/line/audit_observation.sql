-- What the suite `observation` looks at: each staged row that is confident enough, with what its rules need. What a person
-- may overrule is not asked of a row that was released. The texts are joined by version, so that only those just read are
-- fetched.
with current as (
    select document_id, recorded_at from core.dim_document semi join stage.document_read using (document_id)
),
landed as (
    select document_id, min(retrieved_at)::date + 1 as landed_on  -- where a day is over later than in UTC
    from core.origin
    semi join stage.document_read using (document_id)
    group by document_id
),
read as (
    select document_id, text, least(published_on, landed_on) as known_on
    from core.document_version
    join current using (document_id, recorded_at)
    left join landed using (document_id)
),
read_again as (
    select hash(document_id, value_start, metric_id, place_key, kind, tier) as number, count(*) as times
    from stage.observation
    anti join stage.finding using (observation_id)
    group by number
    having times > 1
),
released as (
    select observation_id from stage.correction_outcome where outcome = 'released'
)
select
    o.observation_id,
    o.metric_id,
    o.place_key,
    o.quote,
    m.metric_id as known_metric,
    p.place_key as known_place,
    o.platform_id is null or s.platform_id is not null as platform_is_known,
    o.kind,
    o.comparator,
    o.period_grain,
    o.period_basis,
    o.tier,
    o.period_end,
    o.confidence,
    coalesce(isfinite(o.value), false)
        and o.period_grain is not null
        and o.period_basis is not null
        and o.confidence is not null
        and o.rule_id is not null
        and o.extractor_version is not null as is_whole,
    if(r.observation_id is not null, 1, coalesce(n.times, 1)) as times_read,
    coalesce(o.period_start <= o.period_end, o.period_start is null and o.period_end is null) as period_is_ordered,
    coalesce(case o.comparator
        when 'eq' then o.value_low = o.value and o.value_high = o.value
        when 'ge' then o.value_low = o.value and o.value_high is null
        when 'gt' then o.value_low = o.value and o.value_high is null
        when 'le' then o.value_low is null and o.value_high = o.value
        when 'lt' then o.value_low is null and o.value_high = o.value
        else coalesce(o.value_low <= o.value_high, true)
    end, false) as bounds_fit,
    if(
        r.observation_id is not null,
        0,
        coalesce(greatest(m.lower_bound - o.value, o.value - coalesce(m.upper_bound, 'infinity'::double)), 0)
    ) as out_of_bounds_by,
    coalesce(o.unit_id = m.unit_id, false) as unit_fits,
    coalesce(
        o.quote = substr(d.text, o.char_start + 1, o.char_end - o.char_start)
            and o.char_start <= o.value_start and o.value_start < o.value_end and o.value_end <= o.char_end,
        false
    ) as quote_stands,
    case when o.kind = 'actual' and r.observation_id is null
        then coalesce(date_diff('day', make_date(year(d.known_on), 12, 31), o.period_end), 0) else 0
    end as days_after_publication,
    case when o.kind = 'actual' and r.observation_id is null
        then coalesce(date_diff('day', d.known_on, o.period_start), 0) else 0
    end as days_begun_after_publication
from stage.observation as o
left join core.dim_metric as m using (metric_id)
left join core.dim_place as p using (place_key)
left join core.dim_platform as s on s.platform_id = o.platform_id
left join read as d on d.document_id = o.document_id
left join released as r on r.observation_id = o.observation_id
left join read_again as n on n.number = hash(o.document_id, o.value_start, o.metric_id, o.place_key, o.kind, o.tier)
where o.observation_id not in (select observation_id from stage.finding);
