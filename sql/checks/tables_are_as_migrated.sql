-- critical · owner: data engineer
-- The tables have the columns that sql/schema/ gives them: none has gone, come or changed its type but by a migration.
with here as (
    select schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where database_name = current_database() and schema_name in ('core', 'ops')
),
expected as (
    select schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where database_name = 'expected' and schema_name in ('core', 'ops')
)
select
    schema_name || '.' || table_name as table_name, column_name, e.data_type as expected_type, h.data_type as type_here
from expected as e
full join here as h using (schema_name, table_name, column_name)
where e.data_type is distinct from h.data_type
