-- warning · owner: data steward
-- Every correction in force does what it says; the figure of one that doesn't fit is held back (core.correction_state says why).
select observation_id, problem, reason, decided_by, decided_on
from core.correction_state
where problem is not null;
