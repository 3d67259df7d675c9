-- The documents just signed (`batch`), and those that shared a cluster with one of them: what held it together may be gone.
select document_id from batch
union
select document_id
from core.clustered_document
where cluster_id in (select c.cluster_id from core.clustered_document as c join batch using (document_id))
order by all;
