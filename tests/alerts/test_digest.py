"""What a message says, and that nothing of a document does anything in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.alerts.digest import digest, examples_of, harmless
from pipelines.reference.routes import Route

ROUTE = Route(id="a", to="${A}")
QUOTE = "Đến 30/6/2023, 850% hộ ở xã Khánh Hội có cáp quang."
ALERT: dict[str, Any] = {
    "about": "opened",
    "recorded_at": datetime(2026, 3, 2, 18, 40, tzinfo=UTC),
    "opened_at": datetime(2026, 3, 2, 18, 30, tzinfo=UTC),
    "event_id": 1,
    "problem_id": "p",
    "kind": "check",
    "suite": "observation",
    "expectation": "value_within_bounds",
    "metric_id": "fiber_household_coverage",
    "place_key": "k",
    "metric_vi": "Tỷ lệ hộ có cáp quang",
    "metric_en": "Households with fibre",
    "place": "Xã Khánh Hội",
    "province": "Tỉnh Cà Mau",
    "scope": "row",
    "severity": "critical",
    "owner": "data steward",
    "reason": "The value lies outside what its metric allows.",
    "observed": "1",
    "failing_rows": 3,
    "sample": json.dumps([{"observation_id": "0a1b2c3d4e5f6071", "value": 850}]),
}
STATE = {"documents": 7, "facts": 82, "quarantined": 1, "not_readable": 0, "open_problems": 0, "last_run": "03/03/2026 01:31"}


def written(*alerts: dict[str, Any], route: Route = ROUTE, **more: Any) -> tuple[str, str]:
    given = {"run_id": "run-1", "state": STATE, "sentences": {"0a1b2c3d4e5f6071": QUOTE}, "link": ""} | more
    return digest(route, alerts, **given)


def test_a_message_says_what_broke_where_since_when_with_the_sentence_and_what_to_do() -> None:
    title, body = written(ALERT)
    assert title == "KPI: 1 vấn đề mới (1 nghiêm trọng)"
    vietnamese, english = body.split("-" * 40)
    for text, words in (
        (
            vietnamese,
            ["VẤN ĐỀ MỚI", "NGHIÊM TRỌNG", "Tỷ lệ hộ có cáp quang, Xã Khánh Hội, Tỉnh Cà Mau", "Từ: 03/03/2026 01:30"],
        ),
        (english, ["NEW PROBLEMS", "CRITICAL", "Households with fibre, Xã Khánh Hội, Tỉnh Cà Mau", "Since: 2026-03-03 01:30"]),
    ):
        for word in (*words, "observation.value_within_bounds", f'"{QUOTE}" (kpi trace 0a1b2c3d4e5f6071)', "run-1"):
            assert word in text
        assert "docs/runbook.md#value_within_bounds" in text
    assert "giá trị nằm ngoài khoảng cho phép" in vietnamese
    assert "người quản lý dữ liệu" in vietnamese
    assert "The value lies outside what its metric allows." in english


def test_languages_come_in_the_order_of_the_route_and_only_those() -> None:
    title, body = written(ALERT, route=Route(id="a", to="${A}", languages=("en",)))
    assert title == "KPI: 1 new (1 critical)"
    assert "VẤN ĐỀ" not in body


def test_alerts_of_one_expectation_are_one_entry_and_examples_are_few() -> None:
    many = [
        ALERT | {"metric_id": f"m{n}", "metric_vi": f"Chỉ tiêu {n}", "sample": json.dumps([{"quote": f"Câu {n}."}])}
        for n in range(12)
    ]
    title, body = written(*many, ALERT | {"about": "solved", "expectation": "place_is_known"})
    assert title == "KPI: 1 vấn đề mới (1 nghiêm trọng), 1 vấn đề đã hết"
    vietnamese = body.split("-" * 40)[0]
    assert vietnamese.count("Chỉ tiêu") == vietnamese.count("Câu ") == 5
    assert "… và 7 nữa" in vietnamese
    assert vietnamese.index("VẤN ĐỀ MỚI") < vietnamese.index("ĐÃ HẾT")


@pytest.mark.parametrize("kind", ["failed_run", "overdue_run", "stale_source", "failed_channel"])
def test_every_kind_of_problem_has_words_in_both_languages(kind: str) -> None:
    problem = ALERT | {
        "kind": kind,
        "suite": kind,
        "expectation": "x",
        "observed": "vì thế",
        "sample": None,
        "metric_id": None,
        "place_key": None,
    }
    _, body = written(problem, link="http://ui.example/runs/run-1")
    vietnamese, english = body.split("-" * 40)
    assert "vì thế" in vietnamese
    assert ALERT["reason"] not in vietnamese
    assert ALERT["reason"] in english
    assert f"docs/runbook.md#{kind}" in english
    assert "http://ui.example/runs/run-1" in english


def test_a_heartbeat_says_what_there_is_and_what_is_open() -> None:
    title, body = written({"about": "heartbeat"})
    assert title == "KPI: mọi việc bình thường"
    assert "7 văn bản, 82 số liệu" in body
    assert "7 documents, 82 facts" in body
    title, _ = written({"about": "heartbeat"}, state=STATE | {"open_problems": 2})
    assert title == "KPI: hệ thống vẫn chạy, còn 2 vấn đề chưa xử lý"


HARMLESS = {
    "lines": ("Một\r\n\r\nSubject: hai\u2028ba\x00", "Một Subject: hai ba"),
    "direction": ("a\u202etxt.exe\u2066b\u200b", "atxt.exeb"),
    "mention": ("@everyone <!channel>", "@\u200beveryone <\u200b!channel>"),
    "address": ("https://xau.example www.xau.example", "https:\u200b//xau.example www\u200b.xau.example"),
    "markup": ("<b>đậm</b>", "<\u200bb>đậm<\u200b/b>"),
    "template": ("{{ 7 * 7 }}{% raw %}", "{{ 7 * 7 }}{% raw %}"),
    "decomposed": ("Khánh Hội", "Khánh Hội"),
    "long": ("a" * 401, "a" * 399 + "…"),
    "number": (80.5, "80.5"),
}


@pytest.mark.parametrize(("value", "shown"), HARMLESS.values(), ids=HARMLESS)
def test_text_of_documents_does_nothing(value: object, shown: str) -> None:
    assert harmless(value) == shown
    _, body = written(ALERT | {"sample": json.dumps([{"quote": value}]), "place": str(value)})
    assert shown in body


@pytest.mark.parametrize("sample", [None, "", "no JSON", "[1, null]", '{"a": 1}', '[{"value": null}]'], ids=repr)
def test_a_sample_of_another_shape_does_no_harm(sample: str | None) -> None:
    assert examples_of([ALERT | {"sample": sample}]) == set()
    assert "value_within_bounds" in written(ALERT | {"sample": sample})[1]
