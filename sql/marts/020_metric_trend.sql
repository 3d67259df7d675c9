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
        row_number() over same_period as choice,
        first_value(at_least) over same_period as chosen_at_least,
        first_value(at_most) over same_period as chosen_at_most
    from bounded
    window same_period as (
        partition by metric_id, place_key, tier, kind, period_start, period_end
        order by
            authority desc, period_basis = 'stated' desc, published_on desc nulls last, confidence desc, observation_id
    )
),
judged as (
    select *, at_least <= chosen_at_most and at_most >= chosen_at_least as agrees from ranked
)
select
    metric_id,
    place_key,
    tier,
    kind,
    period_start,
    period_end,
    arg_min(period_grain, choice) as period_grain,
    arg_min(period_basis, choice) as period_basis,
    arg_min(comparator, choice) as comparator,
    arg_min(value, choice) as value,
    arg_min_null(value_low, choice) as value_low,
    arg_min_null(value_high, choice) as value_high,
    arg_min_null(denominator, choice) as denominator,
    arg_min(unit_id, choice) as unit_id,
    arg_min_null(platform_id, choice) as platform_id,
    arg_min(source_id, choice) as source_id,
    max(authority) as authority,
    arg_min_null(published_on, choice) as published_on,
    arg_min(confidence, choice) as confidence,
    arg_min(observation_id, choice) as observation_id,
    count(distinct (cluster_id, comparator, value)) as statements,
    count(distinct document_id) as documents,
    list(observation_id order by choice) filter (agrees) as observation_ids,
    coalesce(list(observation_id order by choice) filter (not agrees), []) as disagreeing_observation_ids
from judged
group by metric_id, place_key, tier, kind, period_start, period_end
