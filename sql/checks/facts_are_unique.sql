-- critical · owner: data engineer
-- One observation holds once at a time.
select observation_id, count(*) as rows_now
from core.current_observation
semi join new_fact using (observation_id)
group by observation_id
having count(*) > 1
