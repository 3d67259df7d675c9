-- Reprints: documents that are one article or report, printed again with small changes.

-- What is kept of a text to find its reprints (pipelines/reprints/signature.py). One row per document each time it was
-- signed; it counts while no later text or signature of the document does.
create table core.document_signature (
    document_id varchar not null,
    signature_version varchar not null, -- only signatures of one version compare
    bands uinteger[] not null,          -- MinHash: documents that share one at the same position may be alike
    figures uinteger[] not null,        -- checksums of the distinct numbers written in it
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- One row each time a document came to a cluster or left it. A document that never had a reprint has none.
create table core.document_cluster (
    document_id varchar not null,
    cluster_id varchar not null,        -- the smallest document_id of the cluster
    recorded_at timestamptz not null,
    run_id varchar not null
);

-- The documents that have been in a cluster, and where each is now: alone again, its own document_id.
create view core.clustered_document as
select document_id, arg_max(cluster_id, recorded_at) as cluster_id
from core.document_cluster
group by document_id;

-- One row per document that could be read. Documents of one cluster are prints of one article.
create view core.current_cluster as
select d.document_id, coalesce(c.cluster_id, d.document_id) as cluster_id
from (select distinct document_id from core.document_version) as d
left join core.clustered_document as c using (document_id);
