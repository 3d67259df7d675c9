-- Append a batch of observations (the registered frame `batch`) to the stage, each with its id.
-- The same number read twice for the same metric, place, period and kind is one observation.
insert into stage.observation by name
with identified as (
    select
        substr(sha256(concat_ws('|', document_id, value_start, metric_id, coalesce(place_key, place_name, ''), period_start, period_end, kind)), 1, 16)
            as observation_id,
        row_number() over () as position,
        *
    from batch
)
select * exclude (position)
from identified
where position in (select arg_max(position, confidence) from identified group by observation_id);
