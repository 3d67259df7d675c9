-- When each route was last given a heartbeat.
select route_id, max(recorded_at) as sent_last from ops.alert where about = 'heartbeat' group by route_id
