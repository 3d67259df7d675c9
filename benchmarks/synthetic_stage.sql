-- `synthetic` in the form in which the reader's observations are staged.
select
    document_id, metric_id, place_key, full_name as place_name, 'commune' as place_level, platform_id, kind,
    date_trunc('month', period_end) as period_start, period_end, 'month' as period_grain, 'stated' as period_basis,
    value,
    if(comparator in ('eq', 'gt', 'ge'), value, null) as value_low,
    if(comparator = 'eq', value, null) as value_high,
    comparator, unit_id, quote, char_start,
    char_start + length(quote) as char_end,
    char_start + length(words_before) as value_start,
    char_start + length(quote) - 1 as value_end,
    0.97 as confidence, 'synthetic' as rule_id, 'synthetic' as extractor_version,
    null::varchar as tier, null::double as denominator
from synthetic
order by document, k
