-- Staged rows with findings, unless the same row stands in quarantine for the same reason already.
insert into core.quarantine_observation by name
select
    o.* exclude (place_level, platform_id, period_grain, period_basis, value_low, value_high, char_end, tier, denominator),
    f.expectation,
    f.reason,
    $now::timestamptz as recorded_at,
    $run_id as run_id
from stage.observation as o
join stage.finding as f using (observation_id)
where not exists (
    select 1
    from core.current_quarantine as q
    where q.observation_id = o.observation_id and q.expectation = f.expectation and q.value is not distinct from o.value
);
