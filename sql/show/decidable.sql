-- The expectations that an observation fails which is in quarantine or among the facts, or was rejected: one row, or none.
select
    coalesce(list(distinct expectation) filter (expectation is not null), []) as expectations
from (
    select observation_id, expectation from core.current_quarantine where observation_id = $observation_id
    union all
    select observation_id, null from core.current_observation where observation_id = $observation_id
)
having count(*) > 0
