-- The sentences of observations that examples name, wherever these stand.
select observation_id, any_value(quote) as quote
from (
    select observation_id, quote from core.quarantine_observation
    union all
    select observation_id, quote from core.fact_observation
)
where observation_id in (select unnest($observation_ids::varchar[]))
group by observation_id
