-- warning · owner: data steward · of what is new
-- A share fell by more than 40 points or rose by more than 70 within 400 days. Look at both figures; reject or correct the wrong one.
select observation_id, metric_id, place_key, tier, value_before, value, period_before, period_end, observation_id_before, quote
from step
where unit_kind = 'share' and days <= 400 and not only_the_point_moved and (value_before - value > 40 or value - value_before > 70)
