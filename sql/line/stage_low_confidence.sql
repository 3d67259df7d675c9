-- What the extractor itself doubts goes to quarantine like any other finding, unless a person has released it.
insert into stage.finding
select observation_id, 'low_confidence', format('confidence {:.2f} is below {:.2f}', confidence, $threshold)
from stage.observation
where confidence < $threshold
    and observation_id not in (select observation_id from stage.correction_outcome where outcome = 'released');
