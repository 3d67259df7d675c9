-- What the suite `observation` looks at: each staged row that is confident enough, with what its rules need.
-- The texts are joined by version, so that only those just read are fetched.
with current as (
    select document_id, recorded_at from core.dim_document semi join stage.document_read using (document_id)
),
read as (
    select document_id, text, published_on from core.document_version join current using (document_id, recorded_at)
)
select
    o.observation_id,
    o.metric_id,
    o.place_key,
    o.period_end,
    o.comparator,
    coalesce(greatest(m.lower_bound - o.value, o.value - coalesce(m.upper_bound, 'infinity'::double)), 0) as out_of_bounds_by,
    coalesce(o.unit_id = m.unit_id, false) as unit_fits,
    coalesce(
        o.quote = substr(d.text, o.char_start + 1, o.char_end - o.char_start)
            and o.char_start <= o.value_start and o.value_start < o.value_end and o.value_end <= o.char_end,
        false
    ) as quote_stands,
    case when o.kind = 'actual'
        then coalesce(date_diff('day', make_date(year(d.published_on), 12, 31), o.period_end), 0) else 0
    end as days_after_publication
from stage.observation as o
left join core.dim_metric as m using (metric_id)
left join read as d using (document_id)
where o.observation_id not in (select observation_id from stage.finding);
