"""Clusters in a real database: found as documents come, in whatever order and batches, and anew when a text changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.paths import Layout
from pipelines.reprints.alike import clusters, links
from pipelines.reprints.signature import signature_row
from pipelines.store.clusters import documents_to_compare, move_to_clusters, pairs_to_judge
from pipelines.store.database import Database
from pipelines.store.stations import signing, waiting
from tests.reprints.articles import ARTICLE, OTHER, PRINTS, REPORTS, SHORT
from tests.store.test_store import ROWS, failed_checks, store

VERSION = signature_row("", "")["signature_version"]
TEXTS = [*PRINTS.values(), ARTICLE, *REPORTS, OTHER, f"{OTHER}\nTrung Kiên", SHORT, SHORT.upper(), "Ảnh."]


def convert(database: Database, texts: dict[str, str]) -> None:
    now = datetime.now(UTC)
    version = {**ROWS["document_version"], "recorded_at": now}
    database.insert("core.document_version", [{**version, "document_id": key, "text": text} for key, text in texts.items()])


def sign_and_compare(database: Database, texts: dict[str, str], version: str = str(VERSION)) -> int:
    """What the station does with one batch."""
    stamp = {"signature_version": version, "recorded_at": datetime.now(UTC), "run_id": "run"}
    with database.transaction():
        database.insert("core.document_signature", [signature_row(key, text) | stamp for key, text in texts.items()])
        compared = documents_to_compare(database, texts)
        return move_to_clusters(database, clusters(compared, links(pairs_to_judge(database, compared, version))), "run")


def come(database: Database, texts: dict[str, str]) -> int:
    convert(database, texts)
    return sign_and_compare(database, texts)


def found(database: Database) -> dict[str, str]:
    return dict(database.connection.execute("from core.current_cluster").fetchall())


def groups(database: Database) -> set[frozenset[str]]:
    """The clusters of more than one document."""
    members: dict[str, set[str]] = {}
    for document_id, cluster_id in found(database).items():
        members.setdefault(cluster_id, set()).add(document_id)
    return {frozenset(group) for group in members.values() if len(group) > 1}


def empty(database: Database) -> None:
    for table in ("document_version", "document_signature", "document_cluster"):
        database.connection.execute(f"delete from core.{table}")


@pytest.fixture
def database(layout: Layout) -> Iterable[Database]:
    with Database(layout) as database:
        yield database


def test_prints_of_an_article_form_a_cluster_named_by_its_first(database: Database) -> None:
    come(database, {f"d{number:02}": text for number, text in enumerate(TEXTS)})
    assert groups(database) == {
        frozenset(f"d{number:02}" for number in range(7)),
        frozenset({"d10", "d11"}),
        frozenset({"d12", "d13"}),
    }
    assert found(database)["d03"] == "d00"
    assert found(database)["d07"] == "d07", "a report on a form used before stands alone"
    alone = database.connection.execute("select count(*) from core.document_cluster where document_id in ('d07', 'd14')")
    assert alone.fetchone() == (0,)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(TEXTS))), names=st.permutations(range(len(TEXTS))), cuts=st.sets(st.integers(1, 14)))
def test_clusters_are_the_same_in_whatever_order_and_batches(
    database: Database, order: list[int], names: list[int], cuts: set[int]
) -> None:
    def id_of(number: int) -> str:
        return f"d{names[number]:02}"

    empty(database)
    come(database, {id_of(number): text for number, text in enumerate(TEXTS)})
    at_once = found(database)
    empty(database)
    for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), len(TEXTS)], strict=True):
        come(database, {id_of(number): TEXTS[number] for number in order[first:last]})
    assert found(database) == at_once


def test_nothing_moves_when_the_same_texts_are_signed_again(database: Database) -> None:
    texts = {"a": ARTICLE, "b": PRINTS["another headline"], "c": OTHER}
    assert come(database, texts) == 2
    assert come(database, texts) == 0


def test_a_print_between_two_that_are_not_alike_joins_their_clusters_and_leaving_parts_them(database: Database) -> None:
    paragraphs = [" ".join(f"{one}{two}{three}" for two in "aeiou" for three in "bcdghklmnt") for one in "bcdghklmnpqrst"]
    first, between, last = ("\n".join(paragraphs[start : start + 10]) for start in (0, 2, 4))
    come(database, {"b1": first, "b2": first + "\nÚt Trinh"})
    come(database, {"a1": last, "a2": last + "\nÚt Trinh"})
    assert groups(database) == {frozenset({"b1", "b2"}), frozenset({"a1", "a2"})}

    come(database, {"c": between})
    assert set(found(database).values()) == {"a1"}

    come(database, {"c": OTHER})
    assert groups(database) == {frozenset({"b1", "b2"}), frozenset({"a1", "a2"})}
    assert found(database)["c"] == "c"


def test_a_text_that_was_replaced_counts_no_more_even_before_the_new_one_is_signed(database: Database) -> None:
    come(database, {"a": ARTICLE})
    convert(database, {"a": OTHER})
    come(database, {"b": PRINTS["another headline"]})
    assert groups(database) == set()
    sign_and_compare(database, {"a": OTHER})
    assert groups(database) == set()


def test_signatures_of_another_version_are_not_compared(database: Database) -> None:
    texts = {"a": ARTICLE, "b": PRINTS["another headline"]}
    come(database, texts)
    sign_and_compare(database, {"a": ARTICLE}, version="next")
    assert groups(database) == set()
    sign_and_compare(database, {"b": texts["b"]}, version="next")
    assert groups(database) == {frozenset({"a", "b"})}
    assert [[row["document_id"] for row in batch] for batch in waiting(database, signing(VERSION), 10)] == [["a", "b"]]
    assert list(waiting(database, signing("next"), 10)) == []


def test_a_cluster_not_named_by_its_smallest_document_is_found(layout: Layout) -> None:
    store(layout, {})
    with Database(layout) as database:
        row = {"recorded_at": datetime.now(UTC), "run_id": "run"}
        database.insert("core.document_cluster", [{"document_id": "d1", "cluster_id": "d0", **row}])
    assert failed_checks(layout) == {"clusters_are_named_by_their_first": 1}
