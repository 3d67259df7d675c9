"""The curated targets: the file that is shipped, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.paths import ROOT
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.targets import TargetError, load_targets

HEADER = (
    "metric_id,scope_level,place_key,place,target_year,comparator,value,unit,legal_basis,issued_on,source_url,confirmed,note"
)
ROW = "work_files_online_share,commune,VN,Việt Nam,2025,ge,60,percent,749/QĐ-TTg,2020-06-03,https://phap-luat.example/749,yes,"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    (folder / "targets.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return folder


def test_the_shipped_targets_are_valid_and_each_stands_once(catalogue: Catalogue):
    targets = load_targets(ROOT / "warehouse" / "reference", catalogue)
    assert targets.height == targets["target_id"].n_unique() > 70


def test_a_target_keeps_its_id_when_its_figure_is_mended(tmp_path: Path, catalogue: Catalogue):
    [before] = load_targets(write(tmp_path, ROW), catalogue)["target_id"]
    mended = load_targets(write(tmp_path, ROW.replace("ge,60", "gt,65")), catalogue)
    assert mended.select("target_id", "comparator", "value").rows() == [(before, "gt", 65.0)]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("work_files_online_share", "work_files_share", r"line 3: metric_id: 'work_files_share' is not in metrics\.yaml; add"),
        ("VN,Việt Nam", "XX,Việt Nam", "line 3: place_key: 'XX' is no place; write VN, or"),
        ("VN,Việt Nam", "VN,Cà Mau", "line 3: place: VN is Việt Nam, not Cà Mau; mend"),
        (
            "commune,VN,Việt Nam",
            "national,124/2004:96:2004-07-08,Cà Mau",
            "line 3: scope_level: no national lies in Tỉnh Cà Mau",
        ),
        ("commune,VN,Việt Nam", "district,19/2025:96:2025-07-01,Cà Mau", "line 3: scope_level: .* has no districts"),
        (",ge,", ",>=,", "line 3: comparator: '>=': Input should be 'eq', 'gt'"),
        (",60,", ",sáu mươi,", "line 3: value: 'sáu mươi': .*number"),
        (",60,", ",160,", r"line 3: value: ge 160 lies outside \(0.0, 100.0\) of work_files_online_share; check"),
        (",ge,60,", ",gt,100,", "line 3: value: gt 100 lies outside"),
        (",percent,", ",file,", "line 3: unit: 'file' is not the unit of work_files_online_share; state the value in percent"),
        (",2025,", ",25,", "line 3: target_year: '25'"),
        ("2020-06-03", "03/6/2020", "line 3: issued_on: '03/6/2020'"),
        ("https://", "", "line 3: source_url: "),
        ("749/QĐ-TTg,", ",", "line 3: legal_basis: ''"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column_with_what_to_do(tmp_path, catalogue, right, wrong, said):
    assert right in ROW
    with pytest.raises(TargetError, match=said):
        load_targets(write(tmp_path, ROW.replace("2025", "2030"), ROW.replace(right, wrong, 1)), catalogue)


def test_every_problem_is_said_at_once(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(TargetError) as error:
        load_targets(write(tmp_path, ROW.replace(",ge,", ",≥,"), ROW.replace("VN", "XX")), catalogue)
    assert [line.split(": ")[1] for line in str(error.value).splitlines()] == ["line 2", "line 3"]


def test_the_same_target_twice_is_refused_even_with_another_figure(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(TargetError, match="line 3: the same metric, scope, year and legal basis as line 2"):
        load_targets(write(tmp_path, ROW, ROW.replace(",60,", ",70,")), catalogue)


def test_other_columns_are_refused(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(TargetError, match=r"line 1: has the columns .*; write metric_id,"):
        load_targets(write(tmp_path, ROW, header=HEADER.replace("note", "ghi_chú")), catalogue)


def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path, catalogue: Catalogue):
    with pytest.raises(TargetError, match=r"targets\.csv: can't be read .*; set KPI_REFERENCE"):
        load_targets(tmp_path, catalogue)
