-- mart.metric_trend · table
-- Grain: one row per metric, place, tier, kind and period: the statement to quote for that period.
-- Choice: source authority, then a period that the text states, then the later publication, then confidence.
-- Reprints are one statement: `statements` counts what was said, `documents` where. Statements disagree where the values
-- they allow ("trên 80%", "khoảng 72%") have nothing in common; "khoảng" allows a twentieth more or less.
with bounded as (
    select
        *,
        coalesce(value_low, case comparator when 'approx' then 0.95 * value else '-infinity'::double end) as at_least,
        coalesce(value_high, case comparator when 'approx' then 1.05 * value else 'infinity'::double end) as at_most
    from scope
),
ranked as (
    select
        *,
        row_number() over by_choice as choice,
        first_value(observation_id) over by_choice as chosen,
        at_least <= first_value(at_most) over by_choice and at_most >= first_value(at_least) over by_choice as agrees,
        count(*) over same_period as observations
    from bounded
    window
        same_period as (partition by metric_id, place_key, tier, kind, period_start, period_end),
        by_choice as (
            partition by metric_id, place_key, tier, kind, period_start, period_end
            order by
                authority desc, period_basis = 'stated' desc, published_on desc nulls last, confidence desc, observation_id
        )
),
-- most periods have one observation, which needs no gathering
gathered as (
    select
        chosen,
        count(distinct (cluster_id, comparator, value)) as statements,
        count(distinct document_id) as documents,
        list(observation_id order by choice) filter (agrees) as observation_ids,
        list(observation_id order by choice) filter (not agrees) as disagreeing_observation_ids
    from ranked
    where observations > 1
    group by chosen
)
select
    r.metric_id,
    r.place_key,
    r.tier,
    r.kind,
    r.period_start,
    r.period_end,
    r.period_grain,
    r.period_basis,
    r.comparator,
    r.value,
    r.value_low,
    r.value_high,
    r.denominator,
    r.unit_id,
    r.platform_id,
    r.source_id,
    r.authority,
    r.published_on,
    r.confidence,
    r.observation_id,
    coalesce(g.statements, 1) as statements,
    coalesce(g.documents, 1) as documents,
    coalesce(g.observation_ids, [r.observation_id]) as observation_ids,
    coalesce(g.disagreeing_observation_ids, []) as disagreeing_observation_ids
from ranked as r
left join gathered as g on g.chosen = r.observation_id
where r.choice = 1
