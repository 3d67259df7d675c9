-- `synthetic` as facts recorded long ago by the present reader, with signatures that are like no other's, so that a run finds
-- nothing to do for them.
insert into core.fact_observation by name
select
    substr(sha256(document_id || k), 1, 16) as observation_id,
    document_id, metric_id, place_key, platform_id, kind, period_start, period_end, period_grain, period_basis, value,
    value_low, value_high, comparator, unit_id, quote, char_start, char_end, value_start, value_end, confidence, rule_id,
    $extractor as extractor_version, timestamptz '2026-01-02' as recorded_at, 'synthetic' as run_id
from synthetic
order by document, k;

insert into core.document_reading by name
select
    document_id, $extractor as extractor_version, 8 as facts, 0 as quarantined, timestamptz '2026-01-02' as recorded_at,
    'synthetic' as run_id
from synthetic
where k = 0;

insert into core.document_signature by name
select
    document_id,
    $signature as signature_version,
    list_transform(range(32), lambda i: (hash(document, i) % 4294967296)::uinteger) as bands,
    list_transform(range(8), lambda i: (hash(document, i, 'figure') % 4294967296)::uinteger) as figures,
    timestamptz '2026-01-02' as recorded_at,
    'synthetic' as run_id
from synthetic
where k = 0;

insert into ops.run by name
select
    1 as sequence, 'synthetic' as run_id, timestamptz '2026-01-02' as finished_at, $extractor as extractor_version,
    0 as documents, 0 as rejected, 0 as observations, 0 as quarantined, 0 as retracted, $curated as curated_version
where not exists (from ops.run);
