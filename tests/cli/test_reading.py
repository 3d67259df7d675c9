"""The commands that read without storing: what `kpi extract`, `parse`, `explain` and `candidates` print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.paths import Layout
from tests.cli.conftest import TEXT
from tests.conftest import Kpi
from tests.line import SAMPLES


def test_extract_prints_the_contract_and_stores_nothing(kpi: Kpi, layout: Layout, article: Path, tmp_path: Path) -> None:
    jsonl = tmp_path / "documents.jsonl"
    jsonl.write_text(
        json.dumps({"doc_id": "d1", "text": TEXT, "title": None, "published": "2023-05", "publisher": None, "url": None})
        + "\n",
        encoding="utf-8",
    )
    [line] = kpi("extract", "--jsonl", jsonl).stdout.splitlines()
    found = json.loads(line)
    confidence = found.pop("confidence")
    assert 0 < confidence <= 1
    assert found == {
        "doc_id": "d1",
        "metric_id": "qr_payment_coverage",
        "value": 85.0,
        "value_low": 85.0,
        "value_high": None,
        "unit": "percent",
        "comparator": "gt",
        "kind": "actual",
        "place": {"name": "Phong Lạc", "level": "commune", "key": "124/2004:32125:2004-07-08"},
        "period": {"start": "2023-04-30", "end": "2023-04-30", "grain": "day", "basis": "stated"},
        "quote": TEXT.splitlines()[2],
        "char_start": TEXT.index("Tính"),
        "char_end": len(TEXT),
        "location": None,
        "value_start": TEXT.index("85%"),
        "value_end": TEXT.index("85%") + 2,
        "rule_id": "link.share.own",
        "platform_id": "qr_payment",
        "tier": None,
        "denominator": None,
    }
    assert json.loads(kpi("extract", article).stdout)["value"] == 85
    assert list(layout.landing.iterdir()) == []

    every = [json.loads(line) for line in kpi("extract", "--all", SAMPLES / "xa-khanh-hoi-2023.html").stdout.splitlines()]
    assert {item["status"] for item in every} >= {"fact", "rejected"}
    assert all(item["reason"] for item in every if item["status"] != "fact")


@pytest.mark.parametrize(
    ("line", "says"), [('{"doc_id": "b"}', "KeyError: 'text'"), ('{"doc_id": null, "text": "x"}', "TypeError: doc_id is None")]
)
def test_extract_names_the_bad_line(kpi: Kpi, tmp_path: Path, line: str, says: str) -> None:
    jsonl = tmp_path / "documents.jsonl"
    jsonl.write_text('\ufeff{"doc_id": "a", "text": "x \\ud800 85%"}\n' + line + "\n", encoding="utf-8")
    result = kpi("extract", "--jsonl", jsonl)
    assert result.returncode == 1
    assert f"line 2: {says}; each needs doc_id and text" in result.stderr


def test_extract_reads_its_input(kpi: Kpi) -> None:
    read = kpi("extract", "--jsonl", "-", input=json.dumps({"doc_id": "a", "text": TEXT}))
    assert [json.loads(line)["value"] for line in read.stdout.splitlines()] == [85]


def test_many_documents_are_read_on_all_cores_in_their_order(kpi: Kpi, tmp_path: Path) -> None:
    jsonl = tmp_path / "documents.jsonl"
    texts = [TEXT.replace("85%", f"{number % 90 + 10}%") for number in range(200)]
    lines = (json.dumps({"doc_id": f"d{number}", "text": text}) for number, text in enumerate(texts))
    jsonl.write_text("\n".join(lines), encoding="utf-8")
    read = [json.loads(line) for line in kpi("extract", "--jsonl", jsonl).stdout.splitlines()]
    assert [(o["doc_id"], o["value"]) for o in read] == [(f"d{number}", number % 90 + 10) for number in range(200)]


def test_candidates_show_what_the_catalogue_lacks(kpi: Kpi, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        TEXT + "\n\nToàn xã có 1.250 thuê bao truyền hình. Năm ngoái là 1.100 thuê bao truyền hình.", encoding="utf-8"
    )
    kpi("add", path, "--published", "2023-05-05")
    assert kpi("run").returncode == 0
    shown = kpi("candidates").stdout
    assert "2 × thuê bao truyền hình" in shown
    assert "1250" in shown or "1100" in shown


def test_parse_prints_quantities_periods_and_places(kpi: Kpi) -> None:
    sentence = "Đến 30/4, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có trên 80% hộ dùng mã QR và 194 thành viên tổ."
    parsed = json.loads(kpi("parse", sentence, "--reference", "2023-07-07").stdout)
    assert [(q["value"], q["low"], q["high"], q["comparator"], q["unit"]) for q in parsed["quantities"]] == [
        (80, 80, None, "gt", "percent"),
        (194, 194, 194, "eq", "person"),
    ]
    assert [(p["period_start"], p["period_end"], p["grain"]) for p in parsed["periods"]] == [
        ("2023-04-30", "2023-04-30", "day")
    ]
    assert [(place["name"], place["level"]) for place in parsed["places"]] == [("Phong Lạc", "commune")]
    for found in (*parsed["quantities"], *parsed["periods"], *parsed["places"]):
        assert sentence[found["start"] : found["end"]].strip() == sentence[found["start"] : found["end"]] != ""


def test_explain_says_of_every_number_what_became_of_it(kpi: Kpi, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT + " Chị Lan, 46 tuổi, bán 3 tấn cá theo Quyết định 17/QĐ-UBND.", encoding="utf-8")
    shown = kpi("explain", path).stdout
    assert "fact: qr_payment_coverage, gt 85 percent, actual, Phong Lạc, 2023-04-30 (stated), link.share.own" in shown
    for reason in ("age", "measure", "document_number"):
        assert reason in shown


def test_what_stands_on_a_broken_line_is_explained_whole(kpi: Kpi, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        TEXT.replace("cửa hàng của", "cửa hàng\ncủa").replace("ngày 30/4/2023", "ngày\n30/4/2023"), encoding="utf-8"
    )
    shown = kpi("explain", path).stdout
    assert "qr_payment_coverage, gt 85 percent, actual, Phong Lạc, 2023-04-30 (stated)" in shown
    [period] = json.loads(kpi("parse", "Tính đến ngày 30 tháng 4\nnăm 2023, trên 85% hộ có mã QR.").stdout)["periods"]
    assert period["period_end"] == "2023-04-30"
