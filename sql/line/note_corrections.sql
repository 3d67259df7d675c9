-- How the corrections fared that met a row of this reading.
insert into core.correction_outcome by name
select *, $now::timestamptz as recorded_at, $run_id as run_id
from stage.correction_outcome;
