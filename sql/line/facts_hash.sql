-- How many facts there are, and a hash of them all: a version that changed one would have another. Facts are insert-only, so
-- that those of the version before count as they did (no_fact_has_changed looks whether they are as they were).
with before as (
    select
        coalesce(max(facts), 0) as facts,
        coalesce(max(facts_hash), 0::ubigint) as facts_hash,
        coalesce(max(built_at), timestamptz '1970-01-01') as built_at
    from ops.version
),
new as (
    select
        count(*) as facts,
        coalesce(bit_xor(hash(observation_id, recorded_at, metric_id, place_key, value)), 0::ubigint) as facts_hash
    from core.fact_observation
    where recorded_at > (select built_at from before)
)
select b.facts + n.facts as facts, xor(b.facts_hash, n.facts_hash) as facts_hash
from before as b
cross join new as n
