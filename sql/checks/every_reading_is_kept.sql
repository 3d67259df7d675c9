-- critical · owner: data engineer
-- Nothing recorded before this version has gone: facts only ever grow.
select v.sequence, v.facts as facts_before, count(f.observation_id) as facts_now
from published.ops.version as v
left join core.fact_observation as f on true
group by all
having count(f.observation_id) < v.facts;
