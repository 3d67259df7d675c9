-- `news`: the metrics and places about which something was recorded since a moment: facts, what ended, and facts of
-- documents whose text, origin or cluster of reprints changed.
create or replace temp table news as
select distinct f.metric_id, f.place_key
from core.fact_observation as f
where f.recorded_at > $since
    or (f.observation_id, f.recorded_at) in (
        select (observation_id, recorded_at) from core.supersession where superseded_at > $since
    )
    or f.document_id in (
        select document_id from core.document_version where recorded_at > $since
        union all
        select document_id from core.document_cluster where recorded_at > $since
    );
