-- critical · owner: data engineer
-- A cluster is named by the smallest document_id among its members: no member is smaller, and that document is one itself.
select cluster_id, min(document_id) as smallest, count(*) as members
from core.clustered_document
where document_id < cluster_id
    or cluster_id in (select document_id from core.clustered_document where cluster_id <> document_id)
    or cluster_id not in (select document_id from core.document_version)
group by cluster_id
