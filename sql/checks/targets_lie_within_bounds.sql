-- warning · owner: data steward
-- An official target is a value that its metric can have, and of a year from 2000 to 2050. Mend targets.csv.
select t.target_id, t.metric_id, t.place_key, t.target_year, t.value, t.unit_id, t.legal_basis
from core.fact_target as t
join core.dim_metric as m using (metric_id)
where t.value < m.lower_bound or t.value > m.upper_bound or t.target_year not between 2000 and 2050
