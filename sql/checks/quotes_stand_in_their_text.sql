-- critical · owner: data engineer
-- document.text[char_start:char_end] is the quote, and the number lies inside it, in the text each fact was read from.
-- The texts are joined by version, so that only those of new facts are fetched.
with version as (
    select document_id, recorded_at from core.document_version semi join new_fact using (document_id)
),
read as (
    select v.document_id, v.text, v.recorded_at as from_then, coalesce(s.superseded_at, 'infinity'::timestamptz) as until_then
    from core.document_version as v
    join version using (document_id, recorded_at)
    left join core.document_supersession as s using (document_id, recorded_at)
)
select f.observation_id, f.metric_id, f.place_key, f.document_id, f.char_start, f.char_end, f.quote
from new_fact as f
left join read as d
    on d.document_id = f.document_id and d.from_then <= f.recorded_at and f.recorded_at < d.until_then
where f.quote is distinct from substr(d.text, f.char_start + 1, f.char_end - f.char_start)
    or f.value_start < f.char_start
    or f.value_end > f.char_end
    or f.value_start >= f.value_end
