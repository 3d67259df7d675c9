-- warning · owner: data steward
-- A metric that was stated in a steady rhythm is stated no more. It may have a new name: see kpi candidates, and add the cue.
with day as (
    select distinct metric_id, published_on
    from mart.metric_trend
    where published_on between getvariable('today') - 730 and getvariable('today')
),
pause as (
    select *, published_on - lag(published_on) over (partition by metric_id order by published_on) as days from day
),
rhythm as (
    select metric_id, count(*) as days_stated, max(published_on) as last_on, quantile_cont(days, 0.9) as usual_pause, max(days) as longest_pause
    from pause
    group by metric_id
)
select *, getvariable('today') - last_on as silent_days
from rhythm
where days_stated >= 8
    and silent_days > greatest(30, 3 * usual_pause, longest_pause)
    and silent_days <= 365
    -- where everything is silent it isn't the metric
    and (select max(published_on) from day) > getvariable('today') - 14
