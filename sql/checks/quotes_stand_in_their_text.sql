-- critical · owner: data engineer
-- document.text[char_start:char_end] is the quote, and the number lies inside it, in the text each fact was read from.
select f.observation_id, f.document_id, f.char_start, f.char_end, f.quote
from core.fact_observation as f
asof left join core.document_version as d on d.document_id = f.document_id and d.recorded_at <= f.recorded_at
where f.quote is distinct from substr(d.text, f.char_start + 1, f.char_end - f.char_start)
    or f.value_start < f.char_start
    or f.value_end > f.char_end
    or f.value_start >= f.value_end;
