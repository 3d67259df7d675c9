-- warning · owner: data steward
-- Every metric of the catalogue can refuse a wrong value: a share ends at 100 or has a stated limit, and bounds rise. Mend metrics.yaml.
select metric_id, unit_id, lower_bound, upper_bound
from core.dim_metric
join core.dim_unit using (unit_id)
where (kind = 'share' and (upper_bound is null or upper_bound > 1000)) or lower_bound >= upper_bound
