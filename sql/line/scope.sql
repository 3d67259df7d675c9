-- `scope`: the observations of the metrics and places that were touched, which the marts are built of.
create or replace temp table scope as
from mart.observation_in_context semi join touched using (metric_id, place_key);
