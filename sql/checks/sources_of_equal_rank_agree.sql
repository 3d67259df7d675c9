-- warning · owner: data steward · of what is new
-- Two sources of the same authority state figures that can't both be true, more than rounding apart. Say who is right: kpi quarantine reject.
with said as (
    select
        c.conflict_id, c.metric_id, c.place_key, c.tier, c.kind, c.period_end, c.value, c.unit_id, c.authority, c.sources,
        c.agrees_with_the_quoted, c.quoted, unnest(c.observation_ids) as observation_id
    from mart.source_conflict as c
    semi join unpublished_fact using (metric_id, place_key)
),
told as (
    select said.*, f.observation_id is not null as is_new, f.quote
    from said
    left join unpublished_fact as f using (observation_id)
),
quoted as (
    select
        conflict_id,
        any_value(value) filter (quoted) as value,
        any_value(authority) filter (quoted) as authority,
        any_value(sources) filter (quoted) as sources,
        bool_and(is_new) filter (agrees_with_the_quoted) as is_new
    from told
    group by conflict_id
)
select
    s.conflict_id as observation_id, s.metric_id, s.place_key, s.tier, s.kind, s.period_end,
    any_value(q.value) as quoted_value,
    any_value(q.sources) as quoted_sources,
    s.value as other_value,
    any_value(s.sources) as other_sources,
    min(s.observation_id) as other_observation_id,
    min(s.quote) as quote
from told as s
join quoted as q using (conflict_id)
where not s.agrees_with_the_quoted
    and s.authority >= q.authority
    and abs(s.value - q.value) > greatest(0.05 * abs(q.value), if(s.unit_id = 'percent', 2, 0))
group by s.conflict_id, s.metric_id, s.place_key, s.tier, s.kind, s.period_end, s.value
having bool_and(s.is_new) or bool_or(q.is_new)
