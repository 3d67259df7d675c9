-- `touched`: the part of the metrics and places in `news` that is built now.
create or replace temp table touched as
from news where hash(metric_id) % $parts = $part;
