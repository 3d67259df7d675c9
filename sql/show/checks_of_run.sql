-- The results of the checks that a run's rows went through.
select suite, expectation, severity, success, failing_rows, reason
from ops.dq_result
where run_id = $run_id
order by suite, expectation
