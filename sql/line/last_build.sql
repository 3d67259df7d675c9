-- The state of the marts: when and from what they were last built, and whether a dimension has changed since.
select
    b.*,
    exists (select 1 from core.dimension_change as c where c.recorded_at > b.built_at) as dimensions_changed
from ops.mart_build as b
order by built_at desc
limit 1
