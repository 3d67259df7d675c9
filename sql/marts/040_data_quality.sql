-- mart.data_quality
-- Grain: one row per expectation: its last result, and how often it failed so far.
create or replace table mart.data_quality as
select
    suite,
    expectation,
    scope,
    severity,
    owner,
    reason,
    arg_max(success, recorded_at) as last_success,
    arg_max(observed, recorded_at) as last_observed,
    arg_max(failing_rows, recorded_at) as last_failing_rows,
    arg_max(sample, recorded_at) as last_sample,
    max(recorded_at) as last_run_at,
    count(*) filter (not success) as failures,
    count(*) as runs
from ops.dq_result
group by all;
