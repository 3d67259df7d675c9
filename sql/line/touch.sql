-- `news`: the metrics and places about which something was recorded since a moment: facts, what ended, and facts of
-- documents whose text, origin or cluster of reprints changed; a document that is new itself has no older facts.
create or replace temp table news as
with changed as (
    select document_id from core.document_supersession where superseded_at > $since
    union
    select document_id from core.document_cluster where recorded_at > $since
    except
    select document_id
    from core.document_version
    where recorded_at > $since and document_id not in (select document_id from core.document_supersession)
)
select metric_id, place_key from core.fact_observation where recorded_at > $since
union
select metric_id, place_key
from core.fact_observation
semi join (from core.supersession where superseded_at > $since) as ended using (observation_id, recorded_at)
union
select metric_id, place_key from core.fact_observation semi join changed using (document_id);
