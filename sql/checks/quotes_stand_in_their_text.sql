-- critical · owner: data engineer
-- document.text[char_start:char_end] is the quote, and the number lies inside it.
select f.observation_id, f.document_id, f.char_start, f.char_end, f.quote
from core.current_observation as f
join core.dim_document as d using (document_id)
where f.quote <> substr(d.text, f.char_start + 1, f.char_end - f.char_start)
    or f.value_start < f.char_start
    or f.value_end > f.char_end
    or f.value_start >= f.value_end;
