-- Question: Of which metrics do we lack figures for the places of a province?
-- Câu hỏi: Chỉ tiêu nào còn thiếu số liệu của các địa phương trong tỉnh?
-- Row: a metric: how many of the province's places have a figure, and the first ten that have none
-- Param: province text · name of the province
-- Param: level text = commune · district or commune
-- Param: day date = · the map of which day; without one, of today
with place as (
    select *
    from places_called('%', $province)
    where level = $level and coalesce($day::date, current_date) >= valid_from and coalesce($day::date, current_date) < valid_to
),
figure as (
    select metric_id, place_key, list(observation_id) as observation_ids
    from mart.latest_observation
    semi join place using (place_key)
    where kind = 'actual'
    group by metric_id, place_key
)
select
    m.pillar,
    m.name_vi as metric,
    p.province_full_name as province,
    count(f.place_key) as places_with_a_figure,
    count(*) as places,
    round(100.0 * count(f.place_key) / count(*), 1) as percent_covered,
    coalesce(list(p.full_name order by p.full_name) filter (f.place_key is null), [])[:10] as first_without,
    coalesce(flatten(list(f.observation_ids) filter (f.place_key is not null)), []) as observation_ids
from core.dim_metric as m
cross join place as p
left join figure as f on f.metric_id = m.metric_id and f.place_key = p.place_key
group by m.metric_id, m.pillar, m.name_vi, p.province_key, p.province_full_name
order by places_with_a_figure, m.pillar, metric, province
