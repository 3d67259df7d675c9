-- What was staged as sentences that speak of a named system.
insert into core.platform_mention by name
select *, $now::timestamptz as recorded_at, $run_id as run_id
from stage.platform_mention;
