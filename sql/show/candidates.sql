-- The figures that no metric fits, by the words that name them, the most frequent first: `kpi candidates`.
select
    count(*) as times,
    count(distinct document_id) as documents,
    lower(phrase) as phrase,
    any_value(value) as example_value,
    any_value(quote) as example
from core.current_candidate
where phrase <> ''
group by lower(phrase)
order by times desc, documents desc, phrase
limit $most
