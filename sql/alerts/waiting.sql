-- The messages that were not sent, in the order in which each route is to have them.
select *
from ops.alert_message
where state <> 'sent'
order by first_alert
