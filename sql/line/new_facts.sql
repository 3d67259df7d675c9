-- `new_fact`: the facts that no published version has held, or all of them.
create or replace temp table new_fact as
select *, recorded_at > coalesce((select max(built_at) from published.ops.version), timestamptz '1970-01-01') as is_unpublished
from core.fact_observation
where $whole or is_unpublished;
