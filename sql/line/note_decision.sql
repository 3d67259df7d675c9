-- A steward's word on one observation: it holds for what was read, which an earlier entry knows where the fact was corrected.
insert into core.correction by name
with read as (
    select observation_id, value, unit_id, recorded_at from core.quarantine_observation where observation_id = $observation_id
    union all
    select observation_id, value, unit_id, recorded_at from core.current_observation where observation_id = $observation_id
    order by recorded_at desc
    limit 1
)
select
    r.observation_id,
    $action as action,
    if(c.observation_id is null, r.value, c.expected_value) as expected_value,
    if(c.observation_id is null, r.unit_id, c.expected_unit_id) as expected_unit_id,
    $reason as reason,
    $by as decided_by,
    $now::timestamptz::date as decided_on,
    'steward' as origin,
    $now::timestamptz as recorded_at,
    'kpi quarantine' as run_id
from read as r
left join core.correction_in_force as c on c.observation_id = r.observation_id and c.action = 'set';
