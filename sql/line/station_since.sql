-- Up to when everything recorded has been through a station at this version.
select if(version = $version, upto, timestamptz '1970-01-01') as since
from ops.station_done
where station = $station
order by upto desc
limit 1
