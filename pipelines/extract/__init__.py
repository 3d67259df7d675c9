"""Text and catalogue in, observations out: no I/O, no Dagster, no DuckDB.

The stages, in order: view (a scannable form of the text), segment (sentences and clauses), numerals,
nonfacts (numbers that state no KPI), comparators, periods, places, link (number to metric), and
reader, which runs them and decides.
"""
