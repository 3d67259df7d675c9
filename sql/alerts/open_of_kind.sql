-- What of a kind is open.
select expectation, severity, reason, owner from ops.open_problem where kind = $kind
