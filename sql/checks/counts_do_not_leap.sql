-- warning · owner: data steward · of what is new
-- A count of the same kind of period is twenty times as large, or as small, as 400 days before at most. Look at both figures.
select observation_id, metric_id, place_key, tier, value_before, value, period_before, period_end, observation_id_before, quote
from step
where unit_kind = 'count'
    and days <= 400
    and period_grain = period_grain_before
    and not only_the_point_moved
    and more >= 100
    and more >= 20 * less
