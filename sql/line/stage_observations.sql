-- Append a batch of observations (the registered frame `batch`) to the stage, each with its id.
-- The same number read twice for the same metric, place, period and kind is one observation.
insert into stage.observation by name
select
    substr(sha256(concat_ws('|', document_id, value_start, metric_id, coalesce(place_key, place_name, ''), period_start, period_end, kind)), 1, 16)
        as observation_id,
    *
from batch
qualify row_number() over (partition by observation_id order by confidence desc) = 1;
