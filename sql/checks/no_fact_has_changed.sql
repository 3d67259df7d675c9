-- critical · owner: data engineer
-- The facts that the published version holds are here as they were: their hashes together give what they gave then.
select v.version, v.facts_hash as hash_before, bit_xor(hash(f.observation_id, f.recorded_at, f.metric_id, f.place_key, f.value)) as hash_now
from published.ops.version as v
join core.fact_observation as f on f.recorded_at <= v.built_at
group by all
having hash_now is distinct from hash_before
