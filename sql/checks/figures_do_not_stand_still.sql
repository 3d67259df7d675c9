-- warning · owner: data steward · of what is new
-- The same odd figure for more than a year, in four periods or more: an old one may be copied. Ask the source, or reject the copies.
with turn as (
    select
        *,
        value is distinct from lag(value) over this as turns,
        lag(period_end) over this as period_before
    from series
    where unit_kind in ('share', 'count')
    window this as (partition by metric_id, place_key, tier order by period_end, period_start desc, observation_id)
),
stretch as (
    select *, count(*) filter (turns) over (partition by metric_id, place_key, tier order by period_end, period_start desc, observation_id) as nth
    from turn
),
standing as (
    select
        *,
        min(period_end) over this as since,
        count(distinct period_end) over this as periods
    from stretch
    window this as (partition by metric_id, place_key, tier, nth)
)
select observation_id, metric_id, place_key, tier, value, since, period_end, periods, quote
from standing
where is_new
    and periods >= 4
    and period_end - since > 365
    and period_before - since <= 365  -- said once, when the year is over
    and (value <> round(value) or (unit_kind = 'count' and value >= 1000))
