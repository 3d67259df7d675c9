-- The columns of a mart that the database has a comment on.
select column_name, comment
from duckdb_columns()
where schema_name = 'mart' and table_name = $mart and comment is not null;
