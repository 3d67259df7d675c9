-- Question: Which communes reached 100% QR payment coverage, and when did we learn it?
-- Câu hỏi: Xã, phường, thị trấn nào đã đạt 100% cơ sở có mã QR thanh toán, và ta biết từ khi nào?
-- Row: a place and tier that reached the share, with the first period it is said of
-- Param: metric text = qr_payment_coverage · id or name of the metric
-- Param: share number = 100 · the share to be reached, in percent
-- Param: level text = commune · province, district, commune or %
-- Param: province text = % · name of the province
with reached as (
    select o.*
    from mart.observation_in_context as o
    semi join metrics_called($metric) using (metric_id)
    semi join places_called('%', $province) using (place_key)
    where o.kind = 'actual' and o.place_level like $level and o.value >= $share and o.comparator in ('eq', 'ge', 'gt')
),
learned as (
    select observation_id, min(recorded_at) as learned_at
    from core.observation_history
    semi join reached using (observation_id)
    where value >= $share
    group by observation_id
)
select
    r.place_full_name as place,
    r.province,
    r.tier,
    r.metric,
    min(r.period_end) as reached_by,
    min(r.published_on) as published_on,
    min(l.learned_at) as learned_at,
    arg_min(r.quote, (r.period_end, l.learned_at)) as first_quote,
    list(distinct r.source order by r.source) as sources,
    list(r.observation_id order by r.period_end, r.observation_id) as observation_ids
from reached as r
join learned as l using (observation_id)
group by r.place_key, r.place_full_name, r.province, r.tier, r.metric_id, r.metric
order by reached_by, place
