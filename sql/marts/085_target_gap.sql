-- mart.target_gap · view
-- Grain: one row per figure of mart.latest_observation that is reached (actual) and target that it is measured by.
-- A target applies where the metric is the same and its scope holds the place: an official one (core.fact_target)
-- holds for every place of its level within its place, and for no other: a goal of the whole country is no
-- province's. A figure with a tier ("cấp xã 60%" of a province) is of that level. A target that documents state
-- (target_origin stated) holds for the place and tier it is stated of; its legal basis is a document that states it.
-- standing: applies: of the nearest year not before the figure's; later: what a legal basis without that year asks
-- next; passed: of the last year that was over already. Targets of one year that ask different things are all
-- there, one row each, with conflicts true.
-- reached is yes, no or unknown by the bounds: "trên 80%" reaches ≥ 80, is unknown for ≥ 90; "khoảng 80%" is always
-- unknown. A target without a bound ("đạt 80%") is a floor where more is better, a ceiling where less is.
-- gap is what the stated value lacks in the metric's unit, negative where it is beyond; gap_low and gap_high bound it.
with target as (
    select
        'official' as target_origin,
        target_id,
        metric_id,
        scope_level,
        place_key,
        null as tier,
        target_year,
        comparator,
        value,
        null as value_high,
        legal_basis,
        issued_on,
        source_url,
        confirmed,
        note,
        []::varchar[] as observation_ids
    from core.fact_target
    union all by name
    select
        'stated' as target_origin,
        null as target_id,
        f.metric_id,
        null as scope_level,
        f.place_key,
        f.tier,
        year(f.period_end) as target_year,
        f.comparator,
        f.value,
        f.value_high,
        unnest(arg_max(
            {legal_basis: coalesce(d.title, d.publisher, s.name), issued_on: d.published_on, source_url: d.url},
            (s.authority, d.published_on, f.observation_id)
        )),
        null as confirmed,
        null as note,
        list(f.observation_id order by f.observation_id) as observation_ids
    from core.current_observation as f
    join core.dim_document as d using (document_id)
    join core.dim_source as s using (source_id)
    where f.kind = 'target'
    group by f.metric_id, f.place_key, f.tier, year(f.period_end), f.comparator, f.value, f.value_high
),
demand as (  -- what a target asks of the true value: a floor, a ceiling or both, each inclusive or not
    select
        t.*,
        case
            when t.comparator in ('ge', 'gt') then t.value
            when t.comparator in ('eq', 'approx', 'range') and m.direction <> 'down' then t.value
        end as floor,
        case
            when t.comparator in ('le', 'lt') then t.value
            when t.comparator in ('eq', 'approx', 'range') and m.direction <> 'up' then coalesce(t.value_high, t.value)
        end as ceiling,
        t.comparator in ('gt', 'lt') as strict
    from target as t
    join core.dim_metric as m using (metric_id)
),
figure as (  -- and each place whose targets it may be measured by
    select
        a.*,
        unnest(list_distinct(['VN', a.place_key, p.parent_key, p.province_key])) as measured_by
    from mart.latest_observation as a
    join core.dim_place as p using (place_key)
    where a.kind = 'actual'
),
pair as (
    select
        a.*,
        t.target_origin,
        t.target_id,
        t.scope_level as target_level,
        t.place_key as target_place_key,
        scope.name as target_place,
        t.target_year,
        t.comparator as target_comparator,
        t.value as target_value,
        t.legal_basis,
        t.issued_on,
        t.source_url as target_url,
        t.confirmed,
        t.note,
        t.observation_ids as target_observation_ids,
        t.floor,
        t.ceiling,
        t.strict,
        t.target_year - year(a.period_end) as years_left
    from figure as a
    join demand as t
        on t.metric_id = a.metric_id
        and t.place_key = a.measured_by
        and case t.target_origin
            when 'official' then t.scope_level = coalesce(a.tier, a.place_level)
            else t.place_key = a.place_key and t.tier is not distinct from a.tier
        end
    join core.dim_place as scope on scope.place_key = t.place_key
),
placed as (
    select
        *,
        min(years_left) filter (years_left >= 0) over figure as nearest,
        min(years_left) filter (years_left >= 0) over figure_of_basis as nearest_of_basis,
        max(years_left) filter (years_left < 0) over figure as last_passed
    from pair
    window  -- by metric and place as well, so that a question about these looks at nothing else
        figure as (partition by metric_id, place_key, observation_id),
        figure_of_basis as (partition by metric_id, place_key, observation_id, target_origin, legal_basis)
),
standing as (
    select
        *,
        case
            when years_left = nearest then 'applies'
            when years_left = nearest_of_basis then 'later'
            when years_left = last_passed then 'passed'
        end as standing
    from placed
)
select
    metric_id,
    metric,
    pillar,
    place_key,
    place,
    place_full_name,
    place_level,
    province,
    tier,
    period_start,
    period_end,
    comparator,
    value,
    value_low,
    value_high,
    unit_id,
    standing,
    target_origin,
    target_year,
    target_comparator,
    target_value,
    target_level,
    target_place,
    case
        when coalesce(value_low > floor or (value_low = floor and (not strict or comparator = 'gt')), floor is null)
            and coalesce(value_high < ceiling or (value_high = ceiling and (not strict or comparator = 'lt')), ceiling is null)
            then 'yes'
        when value_high < floor or (value_high = floor and (strict or comparator = 'lt'))
            or value_low > ceiling or (value_low = ceiling and (strict or comparator = 'gt'))
            then 'no'
        else 'unknown'
    end as reached,
    greatest(floor - value, value - ceiling) as gap,  -- the one that is null is passed over
    greatest(floor - value_high, value_low - ceiling) as gap_low,
    greatest(floor - value_low, value_high - ceiling) as gap_high,
    count(distinct (floor, ceiling, strict)) over (partition by metric_id, place_key, observation_id, target_year) > 1 as conflicts,
    legal_basis,
    issued_on,
    target_url,
    confirmed,
    note,
    target_id,
    target_place_key,
    source,
    observation_id,
    observation_ids,
    target_observation_ids
from standing
where standing is not null
