-- Question: What has a place set itself to reach by a year?
-- Câu hỏi: Địa phương đặt mục tiêu gì đến năm nào?
-- Row: a stated target for a period that ends in the year or later, beside the latest figure reached
-- Param: place text = % · name of the place
-- Param: year integer = · the year; without one, this year
-- Param: metric text = % · id or name of the metric
select
    t.place_full_name as place,
    t.metric,
    t.tier,
    t.period_end as due,
    t.comparator,
    t.value as target,
    t.unit_id,
    o.value as reached,
    o.period_end as reached_by,
    t.source,
    t.title,
    t.quote,
    list_concat(r.observation_ids, coalesce(o.observation_ids, [])) as observation_ids
from mart.metric_trend as r
join mart.observation_in_context as t using (observation_id)
semi join metrics_called($metric) as m on m.metric_id = r.metric_id
semi join places_called($place, '%') as p on p.place_key = r.place_key
left join mart.latest_observation as o
    on o.metric_id = r.metric_id
    and o.place_key = r.place_key
    and o.tier is not distinct from r.tier
    and o.kind = 'actual'
where r.kind = 'target' and r.period_end >= make_date(coalesce($year, year(current_date)::integer), 1, 1)
order by due, place, t.metric, t.tier
