-- What failed in the last run that was audited.
select suite, expectation, scope, severity, failing_rows, reason
from ops.dq_result
where run_id = (select arg_max(run_id, recorded_at) from ops.dq_result)
    and not success
order by severity, suite, expectation
