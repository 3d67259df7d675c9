-- Messages, those that wait first and then the last that were sent: `kpi alerts`.
select *
from ops.alert_message
order by state = 'sent', if(state = 'sent', -first_alert, first_alert)
limit $most
