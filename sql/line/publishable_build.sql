-- The last build of the marts, if it is of the last run and passed its checks.
select *
from (from ops.mart_build order by built_at desc limit 1)
where passed and sequence = (select coalesce(max(sequence), 0) from ops.run)
