-- Everything that the checks of a run gave, the latest first where a station was run twice: `kpi quality`,
-- `kpi trace`, Data Docs, the log.
select *
from ops.dq_result
where run_id = $run_id
qualify row_number() over (partition by suite, expectation order by recorded_at desc) = 1
order by suite, success, case severity when 'critical' then 1 when 'warning' then 2 else 3 end, expectation
