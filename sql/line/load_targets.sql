-- core.fact_target becomes the registered frame `batch`; only what differs is written.
delete from core.fact_target where target_id not in (select target_id from batch);
insert or replace into core.fact_target by name
select * from batch
except
select * from core.fact_target;
