-- The tables of the pipeline's database that every version carries.
select schema_name, table_name
from duckdb_tables()
where database_name = current_database()
    and schema_name in ('core', 'ops')
    and table_name <> 'version'
order by all;
