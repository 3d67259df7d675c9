-- Everything in this database that can be described, with its comment as it stands: tables, views, their columns, macros.
with described as (
    select 'table' as form, schema_name, table_name as name, null as column_name, 0 as position, null as type, null as nullable, comment
    from duckdb_tables()
    where database_name = current_database() and not temporary
    union all
    select 'view', schema_name, view_name, null, 0, null, null, comment
    from duckdb_views()
    where database_name = current_database() and not internal and not temporary
    union all
    select 'column', schema_name, table_name, column_name, column_index, lower(data_type), is_nullable, comment
    from duckdb_columns()
    where database_name = current_database() and not internal
    union all
    select 'macro', schema_name, function_name, null, 0, function_type, null, any_value(comment)
    from duckdb_functions()
    where database_name = current_database() and not internal and function_type in ('macro', 'table_macro')
    group by all
)
select form, schema_name, name, column_name, type, nullable, comment
from described
where schema_name <> 'stage'
order by schema_name, name, position, form
