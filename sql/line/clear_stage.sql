delete from stage.observation;
delete from stage.candidate;
delete from stage.platform_mention;
delete from stage.finding;
delete from stage.document_read;
