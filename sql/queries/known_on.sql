-- Question: What did the warehouse say on a day, before anything that came later?
-- Câu hỏi: Vào một ngày, kho dữ liệu nói gì (trước những gì đến sau)?
-- Row: an observation that held at the end of that day (giờ Việt Nam), and whether it holds still
-- Param: day date · the day
-- Param: metric text = % · id or name of the metric
-- Param: place text = % · name of the place
-- Param: province text = % · name of the province
select
    m.name_vi as metric,
    p.full_name as place,
    f.tier,
    f.kind,
    f.period_end,
    f.comparator,
    f.value,
    f.unit_id,
    f.recorded_at,
    exists (
        select 1 from core.current_observation as c where c.observation_id = f.observation_id and c.recorded_at = f.recorded_at
    ) as holds_still,
    f.quote,
    f.observation_id
from as_of(($day::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') as f
join metrics_called($metric) as m using (metric_id)
join places_called($place, $province) as p using (place_key)
order by metric, place, f.tier, f.kind, f.period_end, f.observation_id
