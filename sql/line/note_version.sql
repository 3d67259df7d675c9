-- Say in a file to be published which version it is.
insert into ops.version by name
select
    $version as version,
    (select coalesce(max(sequence), 0) from ops.run) as sequence,
    count(*) as facts,
    bit_xor(hash(observation_id, recorded_at, metric_id, place_key, value)) as facts_hash,
    $run_id as run_id,
    $now::timestamptz as built_at
from core.fact_observation;
