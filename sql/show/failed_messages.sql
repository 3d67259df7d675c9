-- Routes whose messages failed and wait: `kpi doctor`.
select route_id, count(*) as messages, min(recorded_at) as since, arg_max(reason, failed_at) as reason
from ops.alert_message
where state <> 'sent'
group by route_id
having count(reason) > 0
order by route_id
