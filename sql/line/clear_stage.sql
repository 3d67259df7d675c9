delete from stage.observation;
delete from stage.candidate;
delete from stage.platform_mention;
delete from stage.finding;
delete from stage.correction_outcome;
delete from stage.document_read;
