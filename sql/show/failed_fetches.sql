-- Feeds that failed when last asked, and pages that are not had for all their tries, the latest first: `kpi doctor`.
select url, reason, message, asked_at as recorded_at
from ops.feed_state
where result = 'failed'
union all
select url, arg_max(reason, recorded_at), arg_max(message, recorded_at), max(recorded_at)
from ops.fetched_page
group by url
having not bool_or(result in ('landed', 'known'))
order by recorded_at desc, url
