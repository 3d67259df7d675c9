-- How long each station took the last time a run came to it.
select s.station, arg_max(s.seconds, j.finished_at) as seconds
from ops.station_run as s
join ops.job_run as j using (run_id)
group by s.station
order by s.station
