-- mart.todays_unit · view
-- Grain: one row per metric, today's unit, tier, kind and period for which an old unit with land in it has a figure.
-- A row has a value and the method that gave it, or says in missing_because why there can be none; it never guesses.
--
-- method     carried   one old unit is the same territory, renamed or not: its figure of any sort, as it was stated.
--            summed    a count: old units that went whole into today's unit, each with a figure of exactly this period.
--            weighted  a share: the same, averaged by the stated denominators.
-- missing_because, the first that holds:
--   divided unit         an old unit went to several of today's, and no source says how much of its figure went where.
--   ranks, scores        of several units don't add up to one of theirs.
--   the same things      are counted in each of them, such as the public services that every province offers.
--   no figure            of this period for one of the old units: a sum without it would be too small.
--   no denominators      of the shares. A share's denominator up to 100 is none: "57/75%" states the share that was to be
--                        reached, "82,1/100 điểm" a scale, and both are kept in the same column.
--   comparators          that say nothing together: "trên 50" and "dưới 20", "trên 50" and "khoảng 20".
--
-- Comparators: lower bounds add up to a lower bound, upper to an upper, both to a range; an exact figure is both; strict
-- ("trên") if one of them is. Approximate figures add up, with exact ones or alone, to an approximate one. The value is
-- that of a single figure of the comparator: the lower bound of gt, ge and range, the upper of lt and le.
--
-- from_level: the old units the row was made of. Where a special zone was a whole district, the district's own figure
-- goes before the sum of its communes; where neither level gives a value, the row speaks of the communes.
with old_units as (
    select
        s.to_key,
        s.from_level,
        count(*) as predecessors,
        list(s.from_key order by s.from_key) as predecessor_keys,
        list({key: s.from_key, name: p.full_name} order by s.from_key) as named,
        bool_and(s.change in ('unchanged', 'renamed')) as is_one,
        string_agg(p.full_name, ', ' order by s.from_key) filter (s.change = 'split') as divided
    from core.place_succession as s
    join core.dim_place as p on p.place_key = s.from_key
    group by all
),

figure as (
    select
        t.*,
        s.to_key,
        s.from_level,
        p.full_name as place_full_name,
        p.province_key,
        m.unit_id as metric_unit_id,
        u.kind as measures,
        u.additive,
        case when u.kind = 'count' then 1 when t.denominator > 100 then t.denominator end as weight
    from mart.metric_trend as t
    join core.place_succession as s on s.from_key = t.place_key
    join core.dim_place as p on p.place_key = s.to_key
    join core.dim_metric as m on m.metric_id = t.metric_id
    join core.dim_unit as u on u.unit_id = m.unit_id
),

together as (
    select
        metric_id,
        to_key as place_key,
        place_full_name,
        province_key,
        tier,
        kind,
        period_start,
        period_end,
        min(period_grain) as period_grain,
        case
            when bool_and(period_basis = 'stated') then 'stated'
            when bool_or(period_basis = 'publication_date') then 'publication_date'
            else 'inherited'
        end as period_basis,
        metric_unit_id as unit_id,
        measures,
        additive,
        from_level,
        count(*) as figures,
        list(place_key) as keys,
        any_value(comparator) as one_comparator,
        any_value(value) as one_value,
        any_value(value_low) as one_low,
        any_value(value_high) as one_high,
        bool_and(comparator = 'eq') as exact,
        bool_and(comparator in ('eq', 'approx')) as near,
        bool_or(comparator = 'approx') as vague,
        bool_or(comparator = 'gt') as above,
        bool_or(comparator = 'lt') as below,
        count(weight) = count(*) as is_weighted,
        sum(value * weight) as total,
        case when count(value_low) = count(*) then sum(value_low * weight) end as total_low,
        case when count(value_high) = count(*) then sum(value_high * weight) end as total_high,
        sum(weight) as weights,
        case when count(denominator) = count(*) then sum(denominator) end as denominators,
        min(confidence) as confidence,
        list_sort(flatten(list(observation_ids))) as observation_ids,
        list_sort(flatten(list(disagreeing_observation_ids))) as disagreeing_observation_ids
    from figure
    group by all
),

joint as (
    select
        *,
        if(measures = 'share', weights, 1) as divisor,
        total / divisor as middle,
        total_low / divisor as low,
        total_high / divisor as high,
        case
            when exact then 'eq'
            when near then 'approx'
            when vague then null
            when total_low is not null and total_high is not null then 'range'
            when total_low is not null then if(above, 'gt', 'ge')
            when total_high is not null then if(below, 'lt', 'le')
        end as joint_comparator
    from together
),

judged as (
    select
        t.*,
        o.predecessors,
        o.predecessor_keys,
        o.is_one,
        case
            when o.is_one then null
            when o.divided is not null then 'divided unit: ' || o.divided
            when t.measures in ('rank', 'score') then t.measures || 's don''t add up'
            when not t.additive then 'the same things are counted in each'
            when t.figures < o.predecessors
                then 'no figure of ' || (o.predecessors - t.figures) || ' of ' || o.predecessors || ' old units: '
                || array_to_string([unit.name for unit in o.named if not list_contains(t.keys, unit.key)], ', ')
            when not t.is_weighted then 'no denominators'
            when t.joint_comparator is null then 'comparators that say nothing together'
        end as missing_because
    from joint as t
    join old_units as o on o.to_key = t.place_key and o.from_level = t.from_level
)

select
    metric_id,
    place_key,
    place_full_name,
    province_key,
    tier,
    kind,
    period_start,
    period_end,
    period_grain,
    period_basis,
    case when missing_because is null then if(is_one, one_comparator, joint_comparator) end as comparator,
    case
        when missing_because is not null then null
        when is_one then one_value
        when joint_comparator in ('eq', 'approx') then middle
        when joint_comparator in ('lt', 'le') then high
        else low
    end as value,
    case when missing_because is null then if(is_one, one_low, low) end as value_low,
    case when missing_because is null then if(is_one, one_high, high) end as value_high,
    case when missing_because is null then denominators end as denominator,
    unit_id,
    case
        when missing_because is not null then null
        when is_one then 'carried'
        when measures = 'count' then 'summed'
        else 'weighted'
    end as method,
    missing_because,
    from_level,
    predecessors,
    figures as predecessors_with_figure,
    predecessor_keys,
    confidence,
    observation_ids,
    disagreeing_observation_ids
from judged
qualify row_number() over (
    -- province_key depends on place_key; named here, a filter on it reaches the figures
    partition by metric_id, place_key, province_key, tier, kind, period_start, period_end
    order by missing_because is not null, (from_level = 'commune') <> (missing_because is not null)
) = 1;
