-- What the routes in `batch` (route_id, remind_after) have not been told: problems that opened since, open ones that they were
-- told of long ago, ends of those they were told of (but of what was new rows only). A route is asked later whether it wants it.
with told as (
    select
        route_id, problem_id,
        arg_max(event_id, alert_id) as event_id,
        arg_max(about, alert_id) as about,
        max(recorded_at) as told_at
    from ops.alert
    where problem_id is not null
    group by route_id, problem_id
),
latest as (
    select *
    from ops.problem_event
    qualify row_number() over (partition by problem_id order by event_id desc) = 1
)
select
    r.route_id,
    case
        when e.event = 'solved' then 'solved'
        when t.event_id is distinct from e.event_id then 'opened'
        else 'reminded'
    end as about,
    e.*
from latest as e
cross join batch as r
left join told as t on t.route_id = r.route_id and t.problem_id = e.problem_id
where case e.event
    when 'opened' then t.event_id is distinct from e.event_id or $now - t.told_at >= r.remind_after
    else t.event_id is not null and t.about <> 'solved' and e.scope <> 'new'
end
order by e.event_id
