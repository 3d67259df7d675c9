-- What was read has been appended: the station is through with everything up to the moment when the stage was begun.
insert into ops.station_done by name
select 'read' as station, extractor_version as version, upto, $run_id as run_id from stage.reading;
