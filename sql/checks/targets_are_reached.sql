-- warning · owner: analyst · of what is new
-- The year of a target is over, and the first figure of its end misses it. Say so in the report, or look whether the figure is final.
-- As mart.target_gap judges it, but for new figures only: that view pairs every figure with every target of its metric.
with figure as (
    select f.*, coalesce(f.tier, p.level) as of_level, p.parent_key, p.province_key, m.direction
    from unpublished_fact as f
    join core.dim_place as p using (place_key)
    join core.dim_metric as m using (metric_id)
    where f.kind = 'actual'
),
target as (
    select f.observation_id, t.target_year, t.comparator, t.value, t.value as at_most, t.legal_basis
    from core.fact_target as t
    join figure as f
        on f.metric_id = t.metric_id
        and f.of_level = t.scope_level
        and t.place_key in ('VN', f.place_key, f.parent_key, f.province_key)
    union all
    select f.observation_id, year(t.period_end), t.comparator, t.value, coalesce(t.value_high, t.value), 'stated in ' || t.observation_id
    from mart.metric_trend as t
    join figure as f
        on f.metric_id = t.metric_id and f.place_key = t.place_key and coalesce(f.tier, '') = coalesce(t.tier, '')
    where t.kind = 'target'
),
missed as (
    select f.*, t.target_year, t.comparator as target_comparator, t.value as target_value, t.legal_basis
    from figure as f
    join target as t using (observation_id)
    where make_date(t.target_year, 12, 31) < getvariable('today')
        and f.period_end >= make_date(t.target_year, 12, 1)
        and f.period_end < make_date(t.target_year + 2, 1, 1)
        and case
            when t.comparator in ('le', 'lt') or (t.comparator not in ('ge', 'gt') and f.direction = 'down') then f.value_low > t.at_most
            else f.value_high < t.value
        end
),
first_figure as (
    select m.observation_id, m.target_year, min(s.period_end) as period_end
    from missed as m
    join series as s on s.metric_id = m.metric_id and s.place_key = m.place_key and coalesce(s.tier, '') = coalesce(m.tier, '')
    where s.period_end >= make_date(m.target_year, 12, 1)
    group by m.observation_id, m.target_year
)
select
    observation_id, metric_id, place_key, tier, period_end, value, target_year, target_comparator, target_value, legal_basis, quote
from missed
join first_figure using (observation_id, target_year, period_end)
