-- The problems that stand now, metrics and places together: `kpi alerts`, `kpi doctor`.
select suite, expectation, severity, any_value(owner) as owner, any_value(reason) as reason, min(recorded_at) as since, count(*) as problems
from ops.open_problem
group by suite, expectation, severity
order by severity, since
