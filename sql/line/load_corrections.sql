-- What the registered frame `batch` says anew: entries added or changed, and those withdrawn that it no longer has.
insert into core.correction by name
select *, $now::timestamptz as recorded_at, $run_id as run_id
from (
    select * from batch
    except
    select * exclude (origin, recorded_at, run_id) from core.correction_in_file
)
union all by name
select observation_id, 'withdraw' as action, $now::timestamptz as recorded_at, $run_id as run_id
from core.correction_in_file
where observation_id not in (select observation_id from batch);
