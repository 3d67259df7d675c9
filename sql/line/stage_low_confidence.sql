-- What the extractor itself doubts goes to quarantine like any other finding.
insert into stage.finding
select observation_id, 'low_confidence', format('confidence {:.2f} is below {:.2f}', confidence, $threshold)
from stage.observation
where confidence < $threshold;
