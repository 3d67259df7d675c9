"""The evaluation: what counts as right at each level, the causes it names, and the referee's agreement."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.extract import as_json
from pipelines.extract.evaluation import Evaluation, GoldFact, Level
from pipelines.extract.reader import Reader
from pipelines.model import Document, Status
from tests.conftest import SHARED, Kpi

TEXT = (
    "Tính đến ngày 30/4/2023, huyện Thới Bình có trên 80% văn bản được ký số và 12 tổ công nghệ số cộng đồng. "
    "Huyện phấn đấu hết năm 2025 đạt 95% hồ sơ nộp trực tuyến."
)
SIGNED = GoldFact(
    "edoc_signed_share", 80, None, "percent", "gt", "actual", "Thới Bình", "district", "2023-04-30", TEXT.index("80%")
)
TEAMS = GoldFact(
    "community_digital_team_count", 12, None, "team", "eq", "actual", None, None, "2023-04-30", TEXT.index("12 tổ")
)
ONLINE = GoldFact(
    "online_submission_share", 95, None, "percent", "eq", "target", "Thới Bình", "district", "2025", TEXT.index("95%")
)


def evaluated(reader: Reader, *facts: GoldFact) -> Evaluation:
    evaluation = Evaluation()
    evaluation.add("d", facts, reader.read(Document("d", TEXT)))
    return evaluation


def test_what_agrees_is_right_at_every_level(reader: Reader) -> None:
    evaluation = evaluated(reader, SIGNED, TEAMS, ONLINE)
    assert [score.f1 for score in evaluation.scores.values()] == [1.0, 1.0, 1.0]
    assert evaluation.errors == []


@pytest.mark.parametrize(
    ("changed", "cause", "right"),
    [
        (replace(SIGNED, comparator="ge"), "other comparator", {Level.METRIC: 3, Level.VALUE: 2, Level.FULL: 2}),
        (replace(SIGNED, value=81), "other value", {Level.METRIC: 3, Level.VALUE: 2, Level.FULL: 2}),
        (replace(SIGNED, place="Cà Mau", level="province"), "other place", {Level.METRIC: 3, Level.VALUE: 3, Level.FULL: 2}),
        (replace(SIGNED, as_of=None), "other period", {Level.METRIC: 3, Level.VALUE: 3, Level.FULL: 2}),
        (replace(SIGNED, metric_id="edoc_exchange_share"), "other metric", {Level.METRIC: 2, Level.VALUE: 2, Level.FULL: 2}),
    ],
)
def test_each_difference_is_named_and_counts_from_its_level_on(
    reader: Reader, changed: GoldFact, cause: str, right: dict[Level, int]
) -> None:
    evaluation = evaluated(reader, changed, TEAMS, ONLINE)
    assert evaluation.causes() == {cause: 1}
    assert {level: score.right for level, score in evaluation.scores.items()} == right


def test_a_number_of_an_unknown_metric_counts_neither_way(reader: Reader) -> None:
    evaluation = evaluated(reader, replace(SIGNED, metric_id=None), TEAMS, ONLINE)
    assert [score.f1 for score in evaluation.scores.values()] == [1.0, 1.0, 1.0]


def test_confidences_are_held_against_what_is_right(reader: Reader) -> None:
    evaluation = evaluated(reader, SIGNED, replace(TEAMS, value=13), ONLINE)
    assert sum(band.size for band in evaluation.calibration()) == 3
    assert sum(band.size * band.right for band in evaluation.calibration()) == pytest.approx(2)
    assert all(band.low <= band.promised <= band.low + 0.1 for band in evaluation.calibration())


def test_what_is_missed_says_what_the_reader_made_of_it(reader: Reader) -> None:
    date = replace(SIGNED, start=TEXT.index("30/4"))
    nothing = replace(SIGNED, start=TEXT.index("huyện"))
    evaluation = evaluated(reader, SIGNED, TEAMS, ONLINE, date, nothing)
    assert evaluation.causes() == {"number not read": 2}
    assert evaluation.scores[Level.FULL].recall == pytest.approx(3 / 5)


@pytest.mark.skipif(not SHARED.exists(), reason="the annotated article lies outside the project")
def test_the_referee_agrees(reader: Reader, tmp_path: Path) -> None:
    item = json.loads((SHARED / "gold" / "seed.jsonl").read_text(encoding="utf-8").splitlines()[0])
    for number, change in enumerate(({"value": 1}, {"kind": "target"}, {"as_of": "1999"}, {"metric_id": "x"})):
        item["facts"][number] |= change
    document = Document(item["doc_id"], item["text"], item["title"], None, item["publisher"], item["url"])
    read = reader.read(document)
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "predictions.jsonl"
    gold.write_text(json.dumps(item), encoding="utf-8")
    predictions.write_text("\n".join(json.dumps(as_json(o)) for o in read if o.status is Status.FACT), encoding="utf-8")
    script = [sys.executable, SHARED / "tools" / "score.py", gold, predictions, "--json"]
    referee = json.loads(subprocess.run(script, capture_output=True, text=True, check=True).stdout)

    evaluation = Evaluation()
    facts = [GoldFact.of(fact) for fact in item["facts"]]
    evaluation.add(item["doc_id"], facts, read)
    assert {level.value: round(score.f1, 4) for level, score in evaluation.scores.items()} == {
        level: report["f1"] for level, report in referee.items()
    }


def test_eval_prints_scores_and_causes(kpi: Kpi, tmp_path: Path) -> None:
    fact = {
        "metric_id": "edoc_signed_share",
        "value": 80,
        "unit": "percent",
        "comparator": "eq",
        "kind": "actual",
        "place": {"name": "Thới Bình", "level": "district"},
        "as_of": "2023-04-30",
        "start": TEXT.index("80%"),
    }
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"doc_id": "d", "text": TEXT, "facts": [fact]}), encoding="utf-8")
    shown = kpi("eval", gold, "--errors", "1", "--metrics", "--calibration").stdout
    assert "promised" in shown
    assert "1 other comparator" in shown
    assert "⟦80% văn bản" in shown
    assert "edoc_signed_share" in shown

    gold.write_text(json.dumps({"doc_id": "d", "text": TEXT}), encoding="utf-8")
    wrong = kpi("eval", gold)
    assert (wrong.returncode, "each line needs annotated facts" in wrong.stderr) == (1, True)
