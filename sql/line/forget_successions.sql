-- Successions that the package no longer states: one of them left over would make a whole unit look divided.
delete from core.place_succession as s
where not exists (select 1 from batch as b where b.from_key = s.from_key and b.to_key = s.to_key);
