-- The facts that hold now, as `make run` shows them.
select
    place_full_name as place,
    metric,
    case comparator
        when 'eq' then '' when 'gt' then '> ' when 'ge' then '≥ ' when 'lt' then '< ' when 'le' then '≤ ' when 'approx' then '≈ ' else ''
    end || case comparator when 'range' then value_low || '–' || value_high else format('{:.12g}', value) end
        || case unit_id when 'percent' then ' %' else ' ' || unit_id end as value,
    kind,
    period_end,
    observation_id
from mart.observation_in_context
order by published_on, document_id, quote, observation_id
