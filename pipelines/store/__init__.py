"""DuckDB: the pipeline's database, its schema, what each station writes, and the published versions.

Every statement longer than a line lies in `sql/`.
"""
