-- The marts, tables and views alike, by name.
select table_name
from information_schema.tables
where table_schema = 'mart'
order by table_name;
