-- Which metrics and places the failing rows of a result speak of, so that it reaches those who answer for them.
alter table ops.dq_result add column metric_ids varchar[];
alter table ops.dq_result add column place_keys varchar[];
