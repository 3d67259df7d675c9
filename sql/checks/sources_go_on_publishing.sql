-- warning · owner: data steward
-- A source that published in a steady rhythm has gone silent (longer than ever, and three times its usual pause). Look at its site and feeds.
with day as (
    select distinct source_id, published_on
    from core.document_version
    where source_id <> 'unknown' and published_on between getvariable('today') - 730 and getvariable('today')
),
pause as (
    select *, published_on - lag(published_on) over (partition by source_id order by published_on) as days from day
),
rhythm as (
    select source_id, count(*) as days_published, max(published_on) as last_on, quantile_cont(days, 0.9) as usual_pause, max(days) as longest_pause
    from pause
    group by source_id
)
select *, getvariable('today') - last_on as silent_days
from rhythm
where days_published >= 8
    and silent_days > greatest(14, 3 * usual_pause, longest_pause)
    and silent_days <= 365  -- then nobody waits for it any more
