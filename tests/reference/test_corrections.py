"""The file of corrections: what an entry may say, and what is said of one that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.paths import ROOT
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.corrections import CorrectionError, load_corrections

ENTRY = """
- observation: "1e45f08908a2279c"
  expects: {value: 72, comparator: approx}
  set: {value: 27}
  reason: Hai chữ số bị đảo
  decided_by: Lê Thị B
  decided_on: 2025-11-20
"""


def write(folder: Path, content: str) -> Path:
    (folder / "corrections.yaml").write_text(content, encoding="utf-8")
    return folder


def test_the_shipped_file_is_valid_and_its_commented_example_too(tmp_path: Path, catalogue: Catalogue):
    folder = ROOT / "warehouse" / "reference"
    assert load_corrections(folder, catalogue).is_empty()
    comment = (folder / "corrections.yaml").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(comment) if line.startswith("# - observation"))
    example = [line.removeprefix("# ") for line in comment[first : first + 6]]
    assert load_corrections(write(tmp_path, "\n".join(example)), catalogue).height == 1


def test_an_entry_becomes_a_row_and_says_nothing_of_what_it_leaves_out(tmp_path: Path, catalogue: Catalogue):
    [row] = load_corrections(write(tmp_path, ENTRY), catalogue).to_dicts()
    said = {name: value for name, value in row.items() if value is not None}
    assert said == {
        "observation_id": "1e45f08908a2279c",
        "action": "set",
        "expected_value": 72.0,
        "expected_comparator": "approx",
        "right_value": 27.0,
        "reason": "Hai chữ số bị đảo",
        "decided_by": "Lê Thị B",
        "decided_on": date(2025, 11, 20),
    }


@pytest.mark.parametrize(
    ("start", "end", "grain"),
    [
        ("2023-05-04", "2023-05-04", "day"),
        ("2023-05-01", "2023-05-07", "week"),
        ("2024-02-01", "2024-02-29", "month"),
        ("2023-04-01", "2023-06-30", "quarter"),
        ("2023-02-01", "2023-04-30", "months"),
        ("2023-01-01", "2023-12-31", "year"),
        ("2021-01-01", "2025-12-31", "years"),
    ],
)
def test_the_grain_of_a_period_follows_from_its_days(tmp_path: Path, catalogue: Catalogue, start, end, grain):
    entry = ENTRY.replace("{value: 27}", f"{{period_start: {start}, period_end: {end}}}")
    assert load_corrections(write(tmp_path, entry), catalogue)["right_period_grain"].to_list() == [grain]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            '"1e45f08908a2279c"',
            "1234567890123456",
            "entry 1234567890123456: observation: must be the 16 characters .* in quotes",
        ),
        ('"1e45f08908a2279c"', "'72%'", "entry 72%: observation: must be the 16 characters"),
        ("value: 72, ", "", "entry 1e45f08908a2279c: expects.value: Field required"),
        ("set:", "sets:", "sets: Extra inputs are not permitted"),
        ("set: {value: 27}", "reject: false", "write either set or reject: true"),
        ("set: {value: 27}", "set: {value: 27}\n  reject: true", "write either set or reject: true"),
        ("{value: 27}", "{}", "set: .*say what is right, or write reject: true"),
        ("{value: 27}", "{comparator: range, value: 27}", "set: .*a range needs value and value_high"),
        ("{value: 27}", "{value: 27, value_high: 20}", "set: .*value_high needs a value below it"),
        ("{value: 27}", "{value: hai bảy}", r"set\.value: .*valid number"),
        ("{value: 27}", "{metric_id: no_such_share}", r"set\.metric_id: 'no_such_share' is not in metrics\.yaml; write"),
        ("{value: 27}", "{unit_id: phần trăm}", r"set\.unit_id: 'phần trăm' is not in units\.yaml; write"),
        ("{value: 27}", "{place_key: Cà Mau}", r"set\.place_key: 'Cà Mau' is no place; write VN, or"),
        ("{value: 27}", "{period_end: 2023-12-31}", "set: .*a period needs period_start and period_end"),
        ("{value: 27}", "{period_start: 2023-03-03, period_end: 2023-04-09}", "set: .*whole months"),
        ("Lê Thị B", '""', "decided_by: String should have at least 1 character"),
        ("2025-11-20", "20/11/2025", "decided_on: Input should be a valid date"),
    ],
)
def test_a_wrong_entry_is_named_with_field_and_what_to_do(tmp_path: Path, catalogue: Catalogue, right, wrong, said):
    assert right in ENTRY
    with pytest.raises(CorrectionError, match=said):
        load_corrections(write(tmp_path, ENTRY.replace(right, wrong)), catalogue)


def test_an_observation_has_one_entry(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(CorrectionError, match="entry 1e45f08908a2279c: stands twice"):
        load_corrections(write(tmp_path, ENTRY + ENTRY), catalogue)


@pytest.mark.parametrize(
    ("content", "said"), [("a: b", "must be a list of entries"), ("- [", "not valid YAML"), ("- chỉ là chữ", "entry #1: ")]
)
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path: Path, catalogue: Catalogue, content: str, said: str):
    with pytest.raises(CorrectionError, match=said):
        load_corrections(write(tmp_path, content), catalogue)


def test_a_missing_file_does_not_withdraw_every_correction(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(CorrectionError, match=r"corrections\.yaml: can't be read .*; set KPI_REFERENCE"):
        load_corrections(tmp_path, catalogue)
