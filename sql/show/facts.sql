-- The facts that hold now, as `make run` and `kpi run` print them.
select place_full_name, metric, comparator, value, unit_id, kind, period_end, period_basis, observation_id
from mart.observation_in_context
order by published_on, document_id, quote, observation_id
