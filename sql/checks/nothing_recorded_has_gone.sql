-- critical · owner: data engineer
-- What the published version holds is all here still: no insert-only table has lost rows.
with recorded as (
    select 'fact_observation' as table_name, (select count(*) from published.core.fact_observation) as before, count(*) as now
    from core.fact_observation
    union all
    select 'supersession', (select count(*) from published.core.supersession), count(*) from core.supersession
    union all
    select 'raw_document', (select count(*) from published.core.raw_document), count(*) from core.raw_document
    union all
    select 'document_version', (select count(*) from published.core.document_version), count(*) from core.document_version
    union all
    select 'document_reading', (select count(*) from published.core.document_reading), count(*) from core.document_reading
    union all
    select 'quarantine_observation', (select count(*) from published.core.quarantine_observation), count(*)
    from core.quarantine_observation
)
select * from recorded where now < before
