-- mart.data_quality · view
-- Grain: one row per expectation: its last result, how often it failed so far, and the observations it keeps in quarantine.
with result as (
    select
        suite,
        expectation,
        scope,
        severity,
        owner,
        arg_max(reason, recorded_at) as reason,
        arg_max(success, recorded_at) as last_success,
        arg_max_null(observed, recorded_at) as last_observed,
        arg_max(failing_rows, recorded_at) as last_failing_rows,
        arg_max_null(sample, recorded_at) as last_sample,
        max(recorded_at) as last_run_at,
        count(*) filter (not success) as failures,
        count(*) as runs
    from ops.dq_result
    group by all
),
quarantined as (
    select expectation, list(distinct observation_id order by observation_id) as observation_ids
    from core.current_quarantine
    group by expectation
)
select r.*, if(r.scope = 'row', coalesce(q.observation_ids, []), []) as observation_ids
from result as r
left join quarantined as q using (expectation)
