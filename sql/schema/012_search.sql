-- Finding places and metrics as people type them: without tones, in any case, with or without the level word. '%' stands
-- for anything.

create macro folded(typed) as replace(lower(strip_accents(typed)), 'đ', 'd');

-- from places_called('khanh hoi', 'ca mau'): places of that name in provinces of that name ('%': in any, and the country).
create macro places_called(typed, of_province) as table
select p.*, province.full_name as province_full_name
from core.dim_place as p
left join core.dim_place as province on province.place_key = p.province_key
where (folded(p.name) like folded(typed) or folded(p.full_name) like folded(typed))
    and (of_province = '%' or folded(province.name) like folded(of_province) or folded(province.full_name) like folded(of_province));

-- from metrics_called('%qr%'): metrics of that id, or of that name in Vietnamese or English.
create macro metrics_called(typed) as table
select *
from core.dim_metric
where metric_id like lower(typed) or folded(name_vi) like folded(typed) or folded(name_en) like folded(typed);
