"""The questions of `sql/queries/`: each gives the rows it promises, on a small warehouse where something of each kind is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.paths import Layout
from pipelines.store.database import Database
from pipelines.store.questions import QuestionError, find_question, questions, read_question
from pipelines.store.statements import as_rows
from tests.store.test_store import FACT, ROWS

FIRST, LATER = datetime(2023, 7, 7, 3, tzinfo=UTC), datetime(2024, 2, 2, 3, tzinfo=UTC)
NOT_IN_QUARANTINE = {"platform_id", "period_grain", "period_basis", "value_low", "value_high", "char_end"}
OLD_MAP = {"code_list": "124/2004", "valid_from": date(2004, 7, 8), "valid_to": date(2025, 7, 1)}


def place(key: str, name: str, kind: str, level: str, parent: str, province: str) -> dict[str, Any]:
    names = {"code": key, "name": name, "full_name": f"{kind} {name}", "kind": kind, "level": level}
    return {"place_key": key, **names, "parent_key": parent, "province_key": province, **OLD_MAP}


def metric(metric_id: str, name: str, direction: str = "up") -> dict[str, Any]:
    return ROWS["dim_metric"] | {"metric_id": metric_id, "name_vi": name, "name_en": metric_id, "direction": direction}


def document(document_id: str, title: str, url: str | None = None, source: str = "s1") -> dict[str, Any]:
    return ROWS["document_version"] | {"document_id": document_id, "title": title, "url": url, "source_id": source}


def fact(observation_id: str, value: float, comparator: str = "eq", **more: object) -> dict[str, Any]:
    low = None if comparator in ("lt", "le") else value
    high = None if comparator in ("gt", "ge") else value
    base = {"observation_id": observation_id, "value": value, "comparator": comparator, "value_low": low, "value_high": high}
    return FACT | {"metric_id": "qr", "place_key": "X1", "recorded_at": FIRST} | base | more


def origin(document_id: str) -> dict[str, Any]:
    stamp = {"retrieved_at": FIRST, "recorded_at": FIRST, "run_id": "run"}
    return {"document_id": document_id, "name": f"{document_id}.html", **stamp}


TABLES: dict[str, list[dict[str, Any]]] = {
    "core.dim_unit": [ROWS["dim_unit"]],
    "core.dim_metric": [
        metric("qr", "Tỷ lệ có mã QR"),
        metric("edoc_share", "Tỷ lệ văn bản điện tử"),
        metric("late_share", "Tỷ lệ hồ sơ trễ hạn", "down"),
    ],
    "core.dim_platform": [{"platform_id": "vneid", "name_vi": "VNeID", "name_en": "VNeID"}],
    "core.dim_source": [
        ROWS["dim_source"] | {"source_id": "s1", "name": "Báo", "authority": 3},
        ROWS["dim_source"] | {"source_id": "s2", "name": "Trang lạ", "authority": 1},
    ],
    "core.dim_place": [
        ROWS["dim_place"],
        place("T1", "Cà Mau", "Tỉnh", "province", "VN", "T1"),
        place("H1", "Đầm Dơi", "Huyện", "district", "T1", "T1"),
        place("X1", "Tân Đức", "Xã", "commune", "H1", "T1"),
        place("X2", "Tân Dân", "Xã", "commune", "H1", "T1"),
        place("T2", "Đắk Lắk", "Tỉnh", "province", "VN", "T2"),
    ],
    "core.document_version": [
        document("d1", "Xã Tân Đức chuyển đổi số", "https://bao.example/tan-duc"),
        document("d2", "Xã Tân Đức chuyển đổi số (đăng lại)"),
        document("d3", "Trang lạ viết", source="s2"),
    ],
    "core.origin": [origin(name) for name in ("d1", "d2", "d3")],
    "core.document_cluster": [
        {"document_id": name, "cluster_id": "d1", "recorded_at": FIRST, "run_id": "run"} for name in ("d1", "d2")
    ],
    "core.fact_observation": [
        # said twice by one article; a strange page says otherwise
        fact("qr23", 100.0, platform_id="vneid"),
        fact("qr23-reprint", 100.0, document_id="d2"),
        fact("qr23-other", 40.0, document_id="d3", value_start=20),
        # read as 30 at first, then as 60
        fact("qr-x2", 30.0, place_key="X2"),
        fact("qr-x2", 60.0, place_key="X2", recorded_at=LATER),
        # no longer found
        fact("gone", 5.0, place_key="X2", metric_id="late_share"),
        fact("late-x1", 2.0, metric_id="late_share"),
        fact("late-x2", 1.0, metric_id="late_share", place_key="X2", document_id="d3", recorded_at=LATER),
        # two periods of the district, and what it wants to reach
        fact(
            "edoc22", 70.0, place_key="H1", metric_id="edoc_share", period_start=date(2022, 1, 1), period_end=date(2022, 12, 31)
        ),
        fact("edoc23", 80.0, place_key="H1", metric_id="edoc_share"),
        fact("edoc-goal", 95.0, "ge", place_key="H1", metric_id="edoc_share", kind="target", period_end=date(2025, 12, 31)),
    ],
    "core.supersession": [
        {
            "observation_id": name,
            "recorded_at": FIRST,
            "superseded_at": LATER,
            "reason": reason,
            "extractor_version": "2",
            "run_id": "run",
        }
        for name, reason in (("qr-x2", "replaced"), ("gone", "not_found"))
    ],
    "core.quarantine_observation": [
        {name: value for name, value in fact(f"q{n}", 180.0 + n).items() if name not in NOT_IN_QUARANTINE}
        | {"expectation": "value_within_bounds", "reason": "outside of its metric's bounds"}
        for n in (1, 2)
    ],
    "core.document_reading": [
        {"document_id": "d1", "extractor_version": "1", "facts": 1, "quarantined": 2, "recorded_at": FIRST, "run_id": "run"}
    ],
    "core.platform_mention": [
        {"document_id": "d1", "platform_id": "vneid", "quote": "Xã dùng VNeID.", "char_start": 8, "char_end": 13}
        | {"extractor_version": "1", "recorded_at": FIRST, "run_id": "run"}
    ],
}

# What to ask, the columns to look at, and the rows that they must hold, in their order.
ANSWERS: dict[str, tuple[list[str], str, list[tuple[Any, ...]]]] = {
    "about_platform": (
        ["platform=vneid"],
        "what value quote observation_ids",
        [("figure", 100.0, "Đạt 80%.", ["qr23", "qr23-reprint"]), ("mention", None, "Xã dùng VNeID.", [])],
    ),
    "coverage_gaps": (
        ["province=ca mau", "day=2023-06-01"],
        "metric places_with_a_figure places percent_covered first_without",
        [
            ("Tỷ lệ văn bản điện tử", 0, 2, 0.0, ["Xã Tân Dân", "Xã Tân Đức"]),
            ("Tỷ lệ có mã QR", 2, 2, 100.0, []),
            ("Tỷ lệ hồ sơ trễ hạn", 2, 2, 100.0, []),
        ],
    ),
    "district_against_target": (
        [],
        "place value reached gap target_value target_year observation_ids",
        [("Huyện Đầm Dơi", 80.0, "no", 15.0, 95.0, 2025, ["edoc23", "edoc-goal"])],
    ),
    "find_metric": (["words=van ban"], "metric_id places", [("edoc_share", 1)]),
    "full_coverage": (
        ["metric=qr"],
        "place province reached_by learned_at observation_ids",
        [("Xã Tân Đức", "Cà Mau", date(2023, 12, 31), FIRST, ["qr23", "qr23-reprint"])],
    ),
    "known_on": (
        ["day=31/12/2023", "place=tan dan"],
        "metric value holds_still",
        [("Tỷ lệ có mã QR", 30.0, False), ("Tỷ lệ hồ sơ trễ hạn", 5.0, False)],
    ),
    "league_table": (
        ["metric=%", "province=ca mau"],
        "metric place_in_table place value",
        [
            ("Tỷ lệ có mã QR", 1, "Xã Tân Đức", 100.0),
            ("Tỷ lệ có mã QR", 2, "Xã Tân Dân", 60.0),
            ("Tỷ lệ hồ sơ trễ hạn", 1, "Xã Tân Dân", 1.0),
            ("Tỷ lệ hồ sơ trễ hạn", 2, "Xã Tân Đức", 2.0),
        ],
    ),
    "quarantine": (
        [],
        "expectation observations example_value observation_ids",
        [("value_within_bounds", 2, 182.0, ["q1", "q2"])],
    ),
    "reprints": ([], "place value documents observation_ids", [("Xã Tân Đức", 100.0, 2, ["qr23", "qr23-reprint"])]),
    "said_by_document": (
        ["document=dang lai"],
        "title value observation_id",
        [("Xã Tân Đức chuyển đổi số (đăng lại)", 100.0, "qr23-reprint")],
    ),
    "stale_figures": (
        ["months=12", "metric=edoc_share"],
        "place value period_end",
        [("Huyện Đầm Dơi", 80.0, date(2023, 12, 31))],
    ),
    "targets_ahead": (
        ["place=huyện đầm dơi", "year=2025"],
        "metric target reached observation_ids",
        [("Tỷ lệ văn bản điện tử", 95.0, 80.0, ["edoc-goal", "edoc23"])],
    ),
    "trend": (
        ["metric=edoc_share", "place=Dam Doi"],
        "period_end value step",
        [(date(2022, 12, 31), 70.0, None), (date(2023, 12, 31), 80.0, 10.0)],
    ),
    "weak_figures": (["metric=late_share"], "authority source place value", [(1, "Trang lạ", "Xã Tân Dân", 1.0)]),
    "what_changed": (
        ["since=2024-01-01"],
        "change because metric place value_then value_now",
        [
            ("read otherwise", "replaced", "Tỷ lệ có mã QR", "Xã Tân Dân", 30.0, 60.0),
            ("gone", "not_found", "Tỷ lệ hồ sơ trễ hạn", "Xã Tân Dân", 5.0, None),
            ("new", None, "Tỷ lệ hồ sơ trễ hạn", "Xã Tân Dân", None, 1.0),
        ],
    ),
    "who_says_otherwise": (
        ["place=TÂN ĐỨC", "province=tỉnh cà mau"],
        "value quoted sources observation_ids",
        [(100.0, True, ["Báo"], ["qr23", "qr23-reprint"]), (40.0, False, ["Trang lạ"], ["qr23-other"])],
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    layout = Layout(tmp_path_factory.mktemp("questions") / "warehouse")
    layout.create()
    with Database(layout) as database:
        for table, rows in TABLES.items():
            database.insert(table, rows)
        database.build(layout, "run")
        yield database


def asked(database: Database, name: str, *typed: str) -> list[dict[str, Any]]:
    question = find_question(name)
    return as_rows(database.connection.execute(question.text, question.values(typed)))


@pytest.mark.parametrize("name", [question.name for question in questions()])
def test_a_question_gives_the_rows_it_promises(database: Database, name: str) -> None:
    typed, columns, expected = ANSWERS[name]
    assert [tuple(row[column] for column in columns.split()) for row in asked(database, name, *typed)] == expected


@pytest.mark.parametrize("name", [question.name for question in questions()])
def test_an_answer_leads_back_to_observations(database: Database, name: str) -> None:
    rows = asked(database, name, *ANSWERS[name][0])
    assert {"observation_id", "observation_ids"} & set(rows[0])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Tân Đức", ["X1"]),
        ("xã tân đức", ["X1"]),
        ("XA TAN DUC", ["X1"]),
        ("tan d%", ["X1", "X2"]),
        ("Đức", []),
        ("dak lak", ["T2"]),
    ],
)
def test_places_are_found_as_people_type_them(database: Database, typed: str, found: list[str]) -> None:
    query = "select place_key from places_called($typed, '%') order by 1"
    assert [key for (key,) in database.connection.execute(query, {"typed": typed}).fetchall()] == found


def test_places_of_one_name_are_told_apart_by_their_province(database: Database) -> None:
    assert asked(database, "trend", "metric=qr", "place=tan dan", "province=dak lak") == []
    assert len(asked(database, "trend", "metric=qr", "place=tan dan", "province=ca mau")) == 1


def test_what_is_typed_is_bound_and_never_a_part_of_the_query(database: Database) -> None:
    assert asked(database, "trend", "metric=qr", "place=x' or true --") == []


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("nothing", [], "nothing: no such question; kpi query lists them"),
        ("trend", ["place=x"], r"trend needs metric \(id or name of the metric\): --param metric=…"),
        ("trend", ["metric"], "metric: write --param NAME=VALUE"),
        ("trend", ["colour=red"], "trend has no parameter colour; it has metric, place, province, kind"),
        ("trend", ["metric=a", "metric=b"], "metric is given twice"),
        ("stale_figures", ["months=soon"], "months=soon: must be a whole number, such as 12"),
        ("full_coverage", ["share=all"], "share=all: must be a number, such as 99.5"),
        ("known_on", ["day=hôm qua"], "day=hôm qua: must be a date, such as 2024-12-31 or 31/12/2024"),
    ],
)
def test_what_can_not_be_asked_is_said(name: str, typed: list[str], says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        find_question(name).values(typed)


@pytest.mark.parametrize(
    "head",
    [
        "",
        "-- Question: What?\n-- Câu hỏi: Gì?\n",
        "-- Question: What?\n-- Câu hỏi: Gì?\n-- Row: a row\n-- Param: month number\n",
        "-- Question: What?\n-- Câu hỏi: Gì?\n-- Row: a row\n-- Param: month moon = 1 · a month\n",
    ],
)
def test_a_question_without_a_whole_head_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match=r"sql/queries/x\.sql"):
        read_question("x", head + "select 1")
