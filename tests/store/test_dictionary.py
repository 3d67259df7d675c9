"""The data dictionary: it describes what a published database holds, no more and no less, and stands in it as comments."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.paths import ROOT, Layout
from pipelines.store.dictionary import (
    Dictionary,
    Item,
    describe,
    items,
    load_dictionary,
    markdown,
    newest,
    undescribed,
    unknown,
)
from pipelines.store.versions import open_current
from tests.line import published_rows


@pytest.fixture(scope="module")
def published(sample_warehouse: Layout) -> list[Item]:
    with open_current(sample_warehouse) as connection:
        return items(connection)


def test_everything_published_is_described(published: list[Item]) -> None:
    assert len(published) > 400
    assert undescribed(load_dictionary(), published) == [], "describe these in sql/dictionary.yaml"


def test_the_dictionary_describes_nothing_that_is_not_there(published: list[Item]) -> None:
    assert unknown(load_dictionary(), published) == [], "take these out of sql/dictionary.yaml"


def test_published_comments_are_those_of_the_dictionary(published: list[Item]) -> None:
    dictionary = load_dictionary()
    assert [item.label for item in published if item.comment != dictionary.meaning(item)] == []


def test_the_written_dictionary_is_up_to_date(published: list[Item]) -> None:
    written = (ROOT / "warehouse" / "DICTIONARY.md").read_text(encoding="utf-8")
    assert written == markdown(published), "make it anew: kpi dictionary > warehouse/DICTIONARY.md"
    assert newest() == published, "what kpi dictionary prints is what is published"


def test_what_the_dictionary_lacks_and_what_it_has_too_much_is_found(published: list[Item]) -> None:
    content = load_dictionary().model_dump()
    del content["tables"]["ops.version"]
    content["tables"]["core.dim_metric"]["columns"] |= {"ghost": "no such column"}
    content["tables"]["core.ghost"] = {"comment": "no such table", "columns": {}}
    content["columns"]["spirit"] = "no such column anywhere"
    content["macros"] = {"haunt": "no such macro"}
    changed = Dictionary.model_validate(content)
    assert undescribed(changed, published) == [
        *(item.label for item in published if item.form == "macro"),
        "ops.version",
        *(f"ops.version.{column}" for column in ("version", "sequence", "facts", "built_at", "facts_hash")),
    ]
    assert unknown(changed, published) == ["tables: core.ghost", "core.dim_metric: ghost", "columns: spirit", "macros: haunt"]


def test_comments_are_set_once_and_again_where_a_view_was_made_anew() -> None:
    dictionary = Dictionary.model_validate(
        {"columns": {"a": "a number"}, "tables": {"main.t": {"comment": "a table"}, "main.v": {"comment": "a view"}}}
    )
    with duckdb.connect(":memory:") as connection:
        connection.execute("create table t (a integer); create view v as from t")
        assert [describe(connection, dictionary) for _ in range(2)] == [4, 0]
        connection.execute("create or replace view v as select a + 1 as a from t")
        assert describe(connection, dictionary) == 2
        assert [item.comment for item in items(connection)] == ["a table", "a number", "a view", "a number"]


def test_names_and_texts_can_hold_anything() -> None:
    table, column, text = 'it\'s; drop table "x"', 'a "b".c -- d', "it's '; drop table x; -- \\ 'trên 80%'"
    dictionary = Dictionary.model_validate({"tables": {f"main.{table}": {"comment": text, "columns": {column: text}}}})
    with duckdb.connect(":memory:") as connection:
        name, field = (part.replace('"', '""') for part in (table, column))
        connection.execute(f'create table "{name}" ("{field}" integer)')
        describe(connection, dictionary)
        assert [(item.name, item.column_name, item.comment) for item in items(connection)] == [
            (table, None, text),
            (table, column, text),
        ]


def test_every_row_of_a_mart_leads_back_to_observations(sample_warehouse: Layout, published: list[Item]) -> None:
    known = {row[0] for row in published_rows(sample_warehouse, "select observation_id from core.fact_observation")}
    marts = {item.table for item in published if item.schema_name == "mart"}
    lists = {item.table for item in published if item.column_name == "observation_ids"}
    singles = {item.table for item in published if item.column_name == "observation_id"}
    assert marts - lists - singles == set()
    for mart in sorted(marts & lists):
        rows = published_rows(sample_warehouse, f"select observation_ids from {mart}")
        assert {observation for (ids,) in rows for observation in ids} <= known, mart
        assert None not in {ids if ids is None else "" for (ids,) in rows}, mart
