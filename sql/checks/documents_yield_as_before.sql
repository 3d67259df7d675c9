-- warning · owner: data engineer
-- The twenty latest documents of a source give less than half the figures of those before: its layout may have changed. Try kpi explain.
with document as (
    select document_id, source_id, published_on
    from core.document_version
    anti join core.document_supersession using (document_id, recorded_at)
    where source_id <> 'unknown' and published_on between getvariable('today') - 365 and getvariable('today')
),
latest as (
    select document_id, arg_max(facts + quarantined, recorded_at) as figures
    from core.document_reading
    semi join document using (document_id)
    group by document_id
),
ranked as (
    select *, row_number() over (partition by source_id order by published_on desc, document_id) as nth
    from document
    join latest using (document_id)
),
compared as (
    select
        source_id,
        count(*) filter (nth <= 20) as documents,
        avg(figures) filter (nth <= 20) as figures_each,
        count(*) filter (nth > 20) as documents_before,
        avg(figures) filter (nth > 20) as figures_each_before,
        stddev_samp(figures) filter (nth > 20) as spread_before,
        min(published_on) filter (nth <= 20) as since,
        arg_max(document_id, published_on) as document_id
    from ranked
    where nth <= 220
    group by source_id
)
select *
from compared
where documents = 20
    and documents_before >= 20
    and figures_each < 0.5 * figures_each_before
    and figures_each_before - figures_each > 3 * spread_before / sqrt(documents)
