-- What is in quarantine, an observation a row, without those that somebody decided on or with them: `kpi quarantine list`.
select
    q.observation_id,
    list(distinct q.expectation order by q.expectation) as expectations,
    any_value(q.metric_id) as metric_id,
    arg_max(q.value, q.recorded_at) as value,
    arg_max(q.comparator, q.recorded_at) as comparator,
    arg_max(q.unit_id, q.recorded_at) as unit_id,
    coalesce(any_value(p.full_name), any_value(q.place_name)) as place,
    any_value(q.period_end) as period_end,
    arg_max(q.quote, q.recorded_at) as quote,
    any_value(c.action) as decision,
    any_value(c.decided_by) as decided_by,
    max(q.recorded_at) as recorded_at
from core.current_quarantine as q
left join core.dim_place as p using (place_key)
left join core.correction_in_force as c on c.observation_id = q.observation_id
where $decided or c.observation_id is null or 'correction_is_stale' = q.expectation
group by q.observation_id
having bool_or(q.expectation like $expectation) and coalesce(any_value(q.metric_id), '') like $metric
order by recorded_at desc, observation_id
limit $most
