-- Question: What changed since a day: which figures are new, read otherwise, or gone?
-- Câu hỏi: Từ một ngày đến nay có gì thay đổi: số liệu nào mới, được đọc lại khác đi, hay không còn?
-- Row: an observation of which the warehouse says something else now than at the start of the day (UTC), then and now
-- Param: since date = · the day; without one, a month ago
-- Param: province text = % · name of the province
with day as (
    select coalesce($since::date, current_date - interval 1 month)::timestamptz as since
),
before as (
    select h.* from core.observation_history as h, day
    where h.recorded_at < day.since and (h.superseded_at is null or h.superseded_at >= day.since)
),
changed as (
    select
        case when b.observation_id is null then 'new' when n.observation_id is null then 'gone' else 'read otherwise' end as change,
        coalesce(b.superseded_at, n.recorded_at) as changed_at,
        b.superseded_because as because,
        b.value as value_then,
        n.value as value_now,
        if(n.observation_id is null, b.comparator, n.comparator) as comparator,
        if(n.observation_id is null, b.quote, n.quote) as quote,
        coalesce(n.observation_id, b.observation_id) as observation_id,
        coalesce(n.metric_id, b.metric_id) as metric_id,
        coalesce(n.place_key, b.place_key) as place_key,
        coalesce(n.kind, b.kind) as kind,
        coalesce(n.period_end, b.period_end) as period_end,
        coalesce(n.unit_id, b.unit_id) as unit_id
    from before as b
    full join core.current_observation as n using (observation_id)
    where b.recorded_at is distinct from n.recorded_at
)
select
    c.change,
    c.changed_at,
    c.because,
    m.name_vi as metric,
    p.full_name as place,
    c.kind,
    c.period_end,
    c.value_then,
    c.value_now,
    c.comparator,
    c.unit_id,
    c.quote,
    c.observation_id
from changed as c
join core.dim_metric as m using (metric_id)
join places_called('%', $province) as p using (place_key)
order by c.changed_at desc, place, metric, c.observation_id
