-- What a message says: its alerts, each with its problem, when that opened, and the names of its metric and place.
with alert as (
    select *
    from ops.alert
    where route_id = $route_id and run_id = $run_id and alert_id between $first_alert and $last_alert
),
opening as (
    select problem_id, event_id, recorded_at from ops.problem_event where event = 'opened'
)
select
    a.about, a.recorded_at, e.* exclude (event, recorded_at, run_id),
    m.name_vi as metric_vi, m.name_en as metric_en, p.full_name as place, province.full_name as province,
    o.recorded_at as opened_at
from alert as a
left join ops.problem_event as e using (event_id)
left join core.dim_metric as m on m.metric_id = e.metric_id
left join core.dim_place as p on p.place_key = e.place_key
left join core.dim_place as province on province.place_key = p.province_key and province.place_key <> p.place_key
asof left join opening as o on o.problem_id = e.problem_id and o.event_id <= e.event_id
order by a.alert_id
