-- `synthetic` as facts recorded long ago, with their readings and their run.
insert into core.fact_observation by name
select
    substr(sha256(document_id || k), 1, 16) as observation_id,
    document_id, metric_id, place_key, platform_id, kind,
    date_trunc('month', period_end) as period_start, period_end, 'month' as period_grain, 'stated' as period_basis,
    value,
    if(comparator in ('eq', 'gt', 'ge'), value, null) as value_low,
    if(comparator = 'eq', value, null) as value_high,
    comparator, unit_id, quote, char_start,
    char_start + length(quote) as char_end,
    char_start + length(words_before) as value_start,
    char_start + length(quote) - 1 as value_end,
    0.97 as confidence, 'synthetic' as rule_id, 'synthetic' as extractor_version,
    timestamptz '2026-01-02' as recorded_at, 'synthetic' as run_id
from synthetic
order by document, k;

insert into core.document_reading by name
select
    document_id, 'synthetic' as extractor_version, 8 as facts, 0 as quarantined, timestamptz '2026-01-02' as recorded_at,
    'synthetic' as run_id
from synthetic
where k = 0;

insert into ops.run by name
select
    1 as sequence, 'synthetic' as run_id, timestamptz '2026-01-02' as finished_at, 'synthetic' as extractor_version,
    0 as documents, 0 as rejected, 0 as observations, 0 as quarantined, 0 as retracted
where not exists (from ops.run);
