-- How many facts there are, and a hash of them all: a version that changed one would have another.
select count(*) as facts, bit_xor(hash(observation_id, recorded_at, metric_id, place_key, value)) as facts_hash
from core.fact_observation
