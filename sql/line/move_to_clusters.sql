-- Keep what changed. `batch` says the cluster of each document that was compared, and of each cluster (by its id) that
-- one of them was linked to, which goes there whole.
with told as (
    select member as document_id, cluster_id from batch
    union all
    select k.document_id, b.cluster_id
    from core.clustered_document as k
    join batch as b on b.member = k.cluster_id
    where k.document_id not in (select member from batch)
)
insert into core.document_cluster by name
select t.document_id, t.cluster_id, $now::timestamptz as recorded_at, $run_id as run_id
from told as t
left join core.clustered_document as k using (document_id)
where t.cluster_id <> coalesce(k.cluster_id, t.document_id)
    or k.document_id is null and t.document_id in (select cluster_id from batch where member <> cluster_id);
