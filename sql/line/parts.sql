-- In how many parts the marts are built: some metrics at a time, so that memory stays flat however much there is to build.
select greatest(1, ceil(count(*) / 2_000_000))::bigint as parts
from core.fact_observation
semi join news using (metric_id, place_key)
