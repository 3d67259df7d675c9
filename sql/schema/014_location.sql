-- Where in its document a figure stands: the page, or the sheet and cell; and how legible the document was.
alter table core.document_version add column marks struct("start" integer, label varchar)[];
alter table core.document_version add column legibility double default 1;

create or replace view core.dim_document as
select v.*
from core.document_version as v
anti join core.document_supersession as s using (document_id, recorded_at);

alter table core.fact_observation add column location varchar;
alter table core.quarantine_observation add column location varchar;

create or replace view core.observation_history as
select f.*, s.superseded_at, s.reason as superseded_because
from core.fact_observation as f
left join core.supersession as s using (observation_id, recorded_at);

create or replace view core.current_observation as
select f.*
from core.fact_observation as f
anti join core.supersession as s using (observation_id, recorded_at);
