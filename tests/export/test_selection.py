"""What is chosen, what is refused, and where it may go."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import UserError
from pipelines.export.cells import flat, guarded, unguarded
from pipelines.export.formats import Format, write
from pipelines.export.licence import LICENCES
from pipelines.export.periods import FREQUENCY, TIME_PERIOD
from pipelines.export.sdmx import NotForSdmx
from pipelines.export.sdmx_structure import as_code, as_key
from pipelines.export.selection import Export, NothingSelected, Wanted, select
from pipelines.export.target import TargetExists
from pipelines.reference.gazetteer import units
from pipelines.store.versions import current_version, open_current
from tests.export.conftest import METRIC, PERIODS, Published

CC_BY = LICENCES["CC-BY-4.0"]


def selected(published: Published, **wanted: object) -> Export:
    with open_current(published.layout) as connection:
        return select(connection, Wanted(**wanted), CC_BY)  # type: ignore[arg-type]


def test_rows_are_chosen_by_metric_place_province_and_kind(published: Published, export: Export) -> None:
    row = export.frame.row(3, named=True)
    for names in ((row["place_key"],), (row["place_full_name"].upper(),), (f" {row['place_full_name']} ",)):
        found = selected(published, places=names).frame
        assert row["observation_id"] in set(found["observation_id"])
        assert set(found["place_full_name"]) == {row["place_full_name"]}
    assert set(selected(published, kinds=("target",)).frame["kind"]) == {"target"}
    assert selected(published, metrics=(METRIC,), provinces=(row["province"].lower(),)).frame.height == sum(
        export.frame["province"] == row["province"]
    )
    assert selected(published, places=tuple(published.places[:2])).documents.height == 2


def test_a_value_is_never_part_of_the_query(published: Published) -> None:
    with pytest.raises(NothingSelected, match="no row for --place"):
        selected(published, places=("x') or ('' = '",))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"metrics": ("qr_payment_coverge",)}, "no metric is called 'qr_payment_coverge'; near it: qr_payment_coverage"),
        ({"metrics": ("dti_score",), "kinds": ("actual",)}, "no row for --metric 'dti_score', --kind 'actual' together"),
        ({"mart": "latest"}, "mart.latest: no such mart; there are .*latest_observation"),
        ({"mart": "latest_observation; drop table core.dim_metric"}, "no such mart"),
        ({"mart": "data_quality", "kinds": ("actual",)}, "mart.data_quality has no column kind, which --kind is asked of"),
        ({"mart": "data_quality"}, "mart.data_quality is empty; run the line"),
    ],
)
def test_a_question_without_an_answer_says_why(published: Published, wanted: dict[str, object], says: str) -> None:
    with pytest.raises(UserError, match=says):
        selected(published, **wanted)


@pytest.mark.parametrize("format", [Format.XLSX, Format.CSV, Format.PARQUET, Format.DATAPACKAGE])
@pytest.mark.parametrize("mart", ["metric_coverage", "platform_overview", "observation_in_context"])
def test_any_mart_can_leave_in_any_form_but_sdmx(published: Published, target: Path, mart: str, format: Format) -> None:
    export = selected(published, mart=mart)
    assert export.documents.height == (0 if mart == "platform_overview" else published.facts)
    write(format, export, target / "x")
    if format is Format.PARQUET:
        assert pl.read_parquet(target / "x").equals(export.frame)
    with (
        pytest.raises(NotForSdmx, match=r"--format csv") if mart != "observation_in_context" else open_current(published.layout)
    ):
        write(Format.SDMX, export, target / "y")


def test_two_values_of_one_key_are_not_sdmx(export: Export, target: Path) -> None:
    doubled = replace(export, frame=pl.concat([export.frame, export.frame.head(1)]))
    with pytest.raises(NotForSdmx, match="2 rows share their key"):
        write(Format.SDMX, doubled, target / "y")
    assert list(target.iterdir()) == []


def test_comments_of_the_database_describe_the_columns(published: Published, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(current_version(published.layout), copy)  # type: ignore[arg-type]
    with duckdb.connect(str(copy)) as connection:
        connection.execute("comment on column mart.latest_observation.quote is 'As it was written'")
        connection.execute("comment on column mart.latest_observation.url is null")
        described = {c.name: c.description for c in select(connection, Wanted(), CC_BY).columns}
    assert described["quote"] == "As it was written"
    assert described["url"] == "Address of the document"


def test_columns_that_a_mart_gains_are_exported_too(published: Published, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(current_version(published.layout), copy)  # type: ignore[arg-type]
    with duckdb.connect(str(copy)) as connection:
        connection.execute("alter table mart.latest_observation add column hue varchar default 'xanh'")
        export = select(connection, Wanted(), CC_BY)
    assert export.columns[-1].header == "hue"
    assert set(export.frame["hue"]) == {"xanh"}


def test_what_lies_at_the_target_is_replaced_only_when_told(export: Export, target: Path) -> None:
    path = target / "x.csv"
    path.write_text("cũ")
    with pytest.raises(TargetExists, match=r"x\.csv exists; give another --to, or --force"):
        write(Format.CSV, export, path)
    assert path.read_text() == "cũ"
    write(Format.CSV, export, path, force=True)
    assert path.stat().st_size > 1000
    assert list(target.iterdir()) == [path]


def test_a_folder_that_holds_other_things_is_never_replaced(export: Export, target: Path) -> None:
    folder = target / "gói"
    write(Format.DATAPACKAGE, export, folder)
    write(Format.SDMX, export, folder, force=True)
    assert sorted(path.name for path in folder.iterdir()) == ["observations.csv", "structure.json"]
    (folder / "luận văn.docx").touch()
    with pytest.raises(TargetExists, match="holds what no export wrote"):
        write(Format.SDMX, export, folder, force=True)
    with pytest.raises(TargetExists, match="is a folder"):
        write(Format.CSV, export, folder, force=True)
    with pytest.raises(UserError, match="no such folder"):
        write(Format.CSV, export, target / "không có" / "x.csv")
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize(("notation", "days"), PERIODS.items())
def test_periods_have_the_shortest_notation_that_keeps_both_days(notation: str, days: tuple[object, object]) -> None:
    frame = pl.DataFrame({"period_start": [days[0]], "period_end": [days[1]]})
    frequency = {4: "A", 6: "S", 7: "M", 8: "W", 10: "D"}.get(len(notation), "_O")
    expected = {"S": "S", "Q": "Q", "W": "W"}.get(notation[5:6], "M" if len(notation) == 7 else frequency)
    assert frame.select(TIME_PERIOD.alias("t"), FREQUENCY.alias("f")).row(0) == (notation, expected)


def test_keys_of_places_come_back_from_sdmx_codes() -> None:
    keys = pl.DataFrame({"place_key": [unit.place_key for unit in units()]})
    assert keys.height > 10_000
    codes = keys.select(as_code(pl.col("place_key")))
    assert codes["place_key"].n_unique() == keys.height
    assert codes.select(as_key(pl.col("place_key"))).equals(keys)


def test_the_guard_is_undone_by_its_rule_and_leaves_other_text_alone() -> None:
    texts = ["=1", " =1", "-", "\r\nx", "'", "''=1", "a=1", "12-3", "", None, "1+1", "|cmd", "Đạt"]
    frame = pl.DataFrame({"text": texts, "number": [-1.0] * len(texts)})
    assert guarded(frame)["text"].to_list() == ["'=1", "' =1", "'-", "'\r\nx", "''", "'''=1", *texts[6:]]
    assert unguarded(guarded(frame)).equals(frame)


def test_lists_become_text_and_deeper_things_json() -> None:
    frame = pl.DataFrame({"ids": [["a", "b"], [], None], "deep": [[{"a": 1}], [], None]})
    found = flat(frame)
    assert found["ids"].to_list() == ["a b", "", None]
    assert found["deep"].to_list() == ['{"deep":[{"a":1}]}', '{"deep":[]}', None]


def test_a_place_that_cannot_be_written_is_said_in_one_line(export: Export, target: Path) -> None:
    with pytest.raises(UserError, match=r"File name too long; give another --to"):
        write(Format.XLSX, export, target / ("x" * 250))
