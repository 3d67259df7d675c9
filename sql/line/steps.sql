-- `unpublished_fact`, and `series`, what mart.metric_trend quotes of the metrics and places that these speak of; and `step`,
-- from each period of such a series to the next, where either is an unpublished fact.
create or replace temp view unpublished_fact as
select * exclude (is_unpublished)
from new_fact
anti join core.supersession using (observation_id, recorded_at)
where is_unpublished;

create or replace temp table series as
with spoken_of as (
    select distinct metric_id, place_key from unpublished_fact where kind = 'actual'
)
select
    t.metric_id, t.place_key, t.tier, t.period_start, t.period_end, t.period_grain, t.comparator, t.value, t.observation_id,
    u.kind as unit_kind, m.cumulative, m.upper_bound, n.observation_id is not null as is_new, n.quote
from mart.metric_trend as t
semi join spoken_of using (metric_id, place_key)
join core.dim_metric as m using (metric_id)
join core.dim_unit as u on u.unit_id = m.unit_id
left join unpublished_fact as n on n.observation_id = t.observation_id
where t.kind = 'actual';

create or replace temp table step as
with paired as (
    select
        observation_id,
        metric_id,
        place_key,
        tier,
        unit_kind,
        cumulative,
        comparator,
        value,
        period_end,
        period_grain,
        quote,
        is_new,
        lag(observation_id) over this as observation_id_before,
        lag(comparator) over this as comparator_before,
        lag(value) over this as value_before,
        lag(period_end) over this as period_before,
        lag(period_grain) over this as period_grain_before,
        lag(is_new) over this as is_new_before
    from series
    window this as (partition by metric_id, place_key, tier order by period_end, period_start desc, observation_id)
)
select
    *,
    period_end - period_before as days,
    greatest(value, value_before) as more,
    least(value, value_before) as less,
    -- the same digits, two at least, and the point elsewhere
    less > 0
        and round(log10(more / less)) >= 1
        and abs(more / less / pow(10, round(log10(more / less))) - 1) < 0.005
        and abs(more / pow(10, floor(log10(more))) - round(more / pow(10, floor(log10(more))))) > 1e-9 as only_the_point_moved
from paired
where period_before < period_end and (is_new or is_new_before);
