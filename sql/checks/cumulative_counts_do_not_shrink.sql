-- warning · owner: data steward · of what is new
-- A count that only grows (accounts activated, say) is smaller than it was. Look whether it is of a part, or of one month only.
select observation_id, metric_id, place_key, tier, value_before, value, period_before, period_end, observation_id_before, quote
from step
where cumulative
    and is_new
    and not only_the_point_moved
    and comparator in ('eq', 'le', 'lt')
    and comparator_before in ('eq', 'ge', 'gt')
    and value < 0.98 * value_before
    -- how many there are by a day, not how many came in a month
    and (period_grain = 'day' or regexp_matches(lower(quote), 'tính đến|đến hết|lũy kế|luỹ kế'))
    and not regexp_matches(lower(quote), 'từ đầu năm')
