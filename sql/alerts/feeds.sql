-- Since when each feed could not be had: when it was had last, or first asked where it never was.
select
    s.url, s.reason, s.message,
    coalesce(s.had_at, first.asked_at) as since
from ops.feed_state as s
join (select url, min(recorded_at) as asked_at from ops.feed_visit group by url) as first using (url)
