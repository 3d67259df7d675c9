-- mart.latest_observation
-- Grain: one row per metric, place and kind: the observation an analyst should quote today.
-- Choice: source authority, then the later period, then the later publication, then confidence.
-- Every row keeps the ids of the observations of the same period that agree and that disagree.
create or replace table mart.latest_observation as
with ranked as (
    select
        *,
        row_number() over (
            partition by metric_id, place_key, kind
            order by authority desc, period_end desc, published_on desc nulls last, confidence desc, observation_id
        ) as choice
    from mart.observation_in_context
)
select
    chosen.* exclude (choice),
    list(other.observation_id order by other.observation_id) filter (
        other.value = chosen.value and other.comparator = chosen.comparator
    ) as agreeing_observation_ids,
    coalesce(
        list(other.observation_id order by other.observation_id) filter (
            other.value <> chosen.value or other.comparator <> chosen.comparator
        ),
        []
    ) as disagreeing_observation_ids
from ranked as chosen
join ranked as other
    on other.metric_id = chosen.metric_id
    and other.place_key = chosen.place_key
    and other.kind = chosen.kind
    and other.period_end = chosen.period_end
where chosen.choice = 1
group by all;
