-- What the checks know besides: counts that only grow, and whether a result speaks of the state or of what was new.

alter table core.dim_metric add column cumulative boolean default false;

-- True: it looked at how things stand, so that a later success means that it is solved. False: it looked at what was new
-- to its run, of which a later success says nothing.
alter table ops.dq_result add column standing boolean default true;
