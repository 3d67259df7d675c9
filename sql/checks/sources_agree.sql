-- info · owner: analyst · of what is new
-- Sources disagree on a figure anew; mart.source_conflict has the sides, and the one of the higher authority is quoted.
with fresh as (
    select distinct metric_id, place_key from unpublished_fact
),
side as (
    select c.conflict_id, c.metric_id, c.place_key, c.period_end, c.value, c.sources, unnest(c.observation_ids) as observation_id
    from mart.source_conflict as c
    semi join fresh using (metric_id, place_key)
)
select conflict_id as observation_id, metric_id, place_key, period_end, list(distinct value order by value) as stated_values
from side
group by conflict_id, metric_id, place_key, period_end
having bool_or(observation_id in (select observation_id from unpublished_fact))
