-- The pages of a feed that are to be had next: those tried least, and of these the latest.
select url, published_on
from ops.waiting_page
where feed_url = $feed_url
order by tries, coalesce(published_on, changed_on) desc nulls last, recorded_at desc, url
limit $most
