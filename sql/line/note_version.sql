-- Say in a candidate which version it is.
insert into ops.version
select $version, coalesce(max(sequence), 0), (select count(*) from core.fact_observation), $run_id, $now::timestamptz
from ops.run;
