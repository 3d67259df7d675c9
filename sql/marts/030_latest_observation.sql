-- mart.latest_observation · table
-- Grain: one row per metric, place, tier and kind: the observation an analyst should quote today.
-- Choice: source authority, then the later period, then the later publication, then confidence; `chosen_because` says
-- which of them decided against the next best period.
with ranked as (
    select
        *,
        row_number() over by_choice as choice,
        lead(authority) over by_choice as next_authority,
        lead(period_end) over by_choice as next_period_end,
        lead(published_on) over by_choice as next_published_on,
        lead(confidence) over by_choice as next_confidence,
        count(*) over this as periods,
        min(period_end) over this as first_period_end,
        sum(statements) over this as statements_so_far
    from mart.metric_trend
    semi join touched using (metric_id, place_key)
    window
        this as (partition by metric_id, place_key, tier, kind),
        by_choice as (
            partition by metric_id, place_key, tier, kind
            order by authority desc, period_end desc, published_on desc nulls last, confidence desc, observation_id
        )
),
earlier as (
    select
        r.observation_id,
        max_by({'value': e.value, 'period_end': e.period_end, 'id': e.observation_id}, (e.period_end, -e.choice)) as before
    from ranked as r
    join ranked as e
        on e.metric_id = r.metric_id
        and e.place_key = r.place_key
        and e.tier is not distinct from r.tier
        and e.kind = r.kind
        and e.period_end < r.period_end
    where r.choice = 1
    group by r.observation_id
)
select
    o.*,
    case
        when r.periods = 1 then 'the only period'
        when r.authority > r.next_authority then 'higher authority'
        when r.period_end > r.next_period_end then 'later period'
        when r.published_on is distinct from r.next_published_on then 'later publication'
        when r.confidence > r.next_confidence then 'higher confidence'
        else 'equal in all, the first by id'
    end as chosen_because,
    r.statements,
    r.documents,
    r.periods,
    r.first_period_end,
    r.statements_so_far::bigint as statements_so_far,
    e.before.value as value_before,
    e.before.period_end as period_before,
    e.before.id as observation_id_before,
    r.observation_ids,
    r.disagreeing_observation_ids
from ranked as r
join scope as o using (observation_id)
left join earlier as e using (observation_id)
where r.choice = 1
