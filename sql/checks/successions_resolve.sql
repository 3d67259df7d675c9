-- critical · owner: data engineer
-- A succession leads from a unit that ended to one that began on the day it is dated.
select s.from_key, s.to_key, s.valid_from, o.valid_to as old_until, n.valid_from as new_since
from core.place_succession as s
left join core.dim_place as o on o.place_key = s.from_key
left join core.dim_place as n on n.place_key = s.to_key
where o.valid_to is distinct from s.valid_from or n.valid_from is distinct from s.valid_from;
