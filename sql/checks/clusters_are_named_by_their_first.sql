-- critical · owner: data engineer
-- A cluster is named by the smallest document_id among its members.
select cluster_id, min(document_id) as smallest, count(*) as members
from core.current_cluster
group by cluster_id
having min(document_id) <> cluster_id;
