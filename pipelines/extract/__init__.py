"""Text and catalogue in, observations out: no I/O, no Dagster, no DuckDB.

The stages, in order: view (a scannable form of the text), cued (where each rule's words stand), segment (sentences),
numerals, nonfacts (numbers that state no KPI), comparators, clauses, periods, places, attribution, link
(number to metric), and reader, which runs them and decides.
"""
