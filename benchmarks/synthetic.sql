-- Synthetic observations as realistic as they need be: eight sentences a document, each stating one figure, so that every
-- quote stands in its text; metrics, places and sources of the real catalogue; periods over ten years; documents $first to
-- $last. Gives `synthetic`, one row per observation, and with it the document that states it.
create or replace temp table synthetic as
with metric as (
    select *, row_number() over (order by metric_id) - 1 as number from core.dim_metric
),
place as (
    select *, row_number() over (order by place_key) - 1 as number from core.dim_place where code_list = '124/2004'
),
source as (
    select *, row_number() over (order by source_id) - 1 as number from core.dim_source
),
figure as (
    select
        d as document,
        k,
        hash(d, k) as h,
        -- a document speaks of one place, and one place is spoken of often
        hash(d) % (select count(*) from place) as place_number,
        hash(d, k, 'metric') % (select count(*) from metric) as metric_number,
        hash(d, 'source') % (select count(*) from source) as source_number,
        date '2015-01-01' + (hash(d, 'day') % 3800)::integer as published_on
    from range($first, $last) as documents(d), range(8) as sentences(k)
),
stated as (
    select
        f.*,
        m.metric_id,
        m.unit_id,
        m.platform_id,
        p.place_key,
        p.full_name,
        s.source_id,
        case
            when m.unit_id = 'rank' then 1 + h % 63
            when m.unit_id in ('percent', 'point') then greatest(m.lower_bound, least(m.upper_bound, (h % 1001) / 10))
            else 1 + h % 9999
        end::double as value,
        case h % 10 when 0 then 'gt' when 1 then 'approx' when 2 then 'ge' else 'eq' end as comparator,
        if(h % 7 = 0, 'target', 'actual') as kind,
        last_day(f.published_on - interval 1 month * (1 + h % 6)) as period_end,
        concat_ws(
            ' ', 'Tính đến hết tháng', strftime(last_day(f.published_on - interval 1 month * (1 + h % 6)), '%m/%Y') || ',',
            p.full_name, 'báo cáo', lower(m.name_vi), 'là', ''
        ) as words_before
    from figure as f
    join metric as m on m.number = f.metric_number
    join place as p on p.number = f.place_number
    join source as s on s.number = f.source_number
),
worded as (
    select *, value::varchar as number, words_before || value::varchar || '.' as quote from stated
)
select
    *,
    sha256('synthetic ' || document) as document_id,
    (sum(length(quote) + 1) over (partition by document order by k) - length(quote) - 1)::integer as char_start,
    char_start + length(quote) as char_end,
    char_start + length(words_before) as value_start,
    char_end - 1 as value_end,
    date_trunc('month', period_end) as period_start,
    'month' as period_grain,
    'stated' as period_basis,
    if(comparator in ('eq', 'gt', 'ge'), value, null) as value_low,
    if(comparator = 'eq', value, null) as value_high,
    0.97 as confidence,
    'synthetic' as rule_id
from worded;
