-- How every feed that was ever asked stands: `kpi feeds`. Sitemaps of an index count with it.
with page as (
    select feed_url, count(*) as listed from ops.feed_page group by feed_url
),
fetched as (
    select
        feed_url,
        count(*) filter (where result = 'landed') as landed,
        count(*) filter (where result = 'landed' and recorded_at >= asked_at) as new_pages
    from ops.fetched_page
    join (select feed_url, min(asked_at) as asked_at from ops.feed_state where url = feed_url group by feed_url) using (feed_url)
    group by feed_url
),
waiting as (
    select feed_url, count(*) as waiting from ops.waiting_page group by feed_url
)
select
    s.url, s.source_id, s.asked_at, s.result, s.reason, s.message, s.had_at,
    coalesce(f.new_pages, 0) as new_pages,
    coalesce(f.landed, 0) as landed,
    coalesce(p.listed, 0) as listed,
    coalesce(w.waiting, 0) as waiting
from ops.feed_state as s
left join page as p on p.feed_url = s.url
left join fetched as f on f.feed_url = s.url
left join waiting as w on w.feed_url = s.url
where s.url = s.feed_url
order by s.url
