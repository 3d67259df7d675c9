-- `synthetic` in the form in which the reader's observations are staged.
select
    document_id, metric_id, place_key, full_name as place_name, 'commune' as place_level, platform_id, kind, period_start,
    period_end, period_grain, period_basis, value, value_low, value_high, comparator, unit_id, quote, char_start, char_end,
    value_start, value_end, confidence, rule_id, 'synthetic' as extractor_version, null::varchar as tier,
    null::double as denominator
from synthetic
order by document, k
