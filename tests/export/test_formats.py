"""Every format is read back by a library that didn't write it (pysdmx apart), and gives the same rows."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fastexcel
import frictionless
import msgspec
import polars as pl
import pyarrow.parquet
import pytest
from polars.testing import assert_frame_equal
from pysdmx.io import get_datasets
from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage
from pysdmx.model.message import StructureMessage

from pipelines.export.formats import Format, write
from pipelines.export.selection import Export
from pipelines.export.xlsx import ABOUT, DOCUMENTS, MEANING, ROWS, TooLargeForExcel
from tests.export.conftest import HOSTILE, PERIODS

FORMULA = re.compile(r"\s*[=+\-@＝]")
WORDS = {
    "comparator": {
        "eq": "bằng",
        "gt": "trên",
        "ge": "tối thiểu",
        "lt": "dưới",
        "le": "tối đa",
        "approx": "khoảng",
        "range": "trong khoảng",
    },
    "kind": {"actual": "thực hiện", "target": "mục tiêu"},
    "period_basis": {"stated": "nêu rõ"},
    "place_level": {"commune": "cấp xã"},
    "tier": {"commune": "cấp xã"},
}


def spreadsheet_rows(export: Export) -> list[dict[str, Any]]:
    """What a reader of CSV or XLSX should find, by header."""
    headers = {column.name: column.header for column in export.columns}
    return [
        {
            headers[name]: " ".join(cell) if isinstance(cell, list) else WORDS.get(name, {}).get(cell, cell)
            for name, cell in row.items()
        }
        for row in export.frame.rows(named=True)
    ]


def as_text(cell: Any) -> str:
    """A cell as CSV has it."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%dT%H:%M:%S.%fZ}"
    return "" if cell is None else str(cell)


def written(export: Export, folder: Path, format: Format) -> Path:
    write(format, export, folder / "x")
    return folder / "x"


def test_the_rows_are_the_hostile_ones(export: Export) -> None:
    assert sorted(export.frame["quote"]) == sorted(HOSTILE)
    assert set(export.frame["period"]) == set(PERIODS)


def test_csv_is_read_back_by_csv(export: Export, target: Path) -> None:
    path = written(export, target, Format.CSV)

    assert path.read_bytes().startswith(b"\xef\xbb\xbfCh\xe1\xbb\x89 ti\xc3\xaau,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file, strict=True))
    numbers = {column.header for column in export.columns if export.frame[column.name].dtype.is_numeric()}
    raw = [cell for row in found for header, cell in row.items() if header not in numbers]
    assert not [cell for cell in raw if FORMULA.match(cell)]
    undone = [{header: cell.removeprefix("'") for header, cell in row.items()} for row in found]
    assert undone == [{header: as_text(cell) for header, cell in row.items()} for row in spreadsheet_rows(export)]


def test_csv_ends_its_lines_as_rfc_4180_says(export: Export, target: Path) -> None:
    text = written(export, target, Format.CSV).read_bytes().decode("utf-8-sig")
    outside_quotes = re.sub(r'"(?:[^"]|"")*"', "", text)
    assert outside_quotes.count("\r\n") == outside_quotes.count("\n") == export.frame.height + 1


def test_a_negative_number_stays_a_number(export: Export, target: Path) -> None:
    negative = replace(export, frame=export.frame.with_columns(value=pl.lit(-1.5)))
    with written(negative, target, Format.CSV).open(encoding="utf-8-sig", newline="") as file:
        assert {row["Giá trị"] for row in csv.DictReader(file)} == {"-1.5"}


def test_xlsx_is_read_back_by_fastexcel(export: Export, target: Path) -> None:
    path = written(export, target, Format.XLSX)

    book = fastexcel.read_excel(path)
    assert book.sheet_names == [ROWS, DOCUMENTS, MEANING, ABOUT]
    days = {column.header: "date" for column in export.columns if export.frame[column.name].dtype == pl.Date}
    found = book.load_sheet(ROWS, dtypes=days).to_polars().rows(named=True)
    for row, expected in zip(found, spreadsheet_rows(export), strict=True):
        recorded = expected["Ghi nhận lúc (UTC)"].replace(tzinfo=None)  # a sheet knows no time zones
        assert row == expected | {"Ghi nhận lúc (UTC)": recorded}


def test_xlsx_lists_the_documents_behind_its_rows(export: Export, target: Path) -> None:
    sheet = (
        fastexcel.read_excel(written(export, target, Format.XLSX))
        .load_sheet(DOCUMENTS, dtypes={"Ngày đăng": "date"})
        .to_polars()
    )
    assert set(sheet["Mã văn bản"]) == set(export.frame["document_id"])
    assert sorted(sheet["Tên văn bản"]) == sorted(HOSTILE)
    assert set(sheet["Ngày đăng"]) == {date(2024, 8, 1)}


def test_xlsx_has_no_formula_and_no_link(export: Export, target: Path) -> None:
    with zipfile.ZipFile(written(export, target, Format.XLSX)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 4
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink", sheet)]


def test_xlsx_shows_whole_numbers_without_a_point_and_dates_as_people_write_them(export: Export, target: Path) -> None:
    with zipfile.ZipFile(written(export, target, Format.XLSX)) as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    codes = dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', styles)) | {"3": "#,##0"}
    used = [codes.get(id, id) for id in re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])]
    shown = {value: used[int(style)] for style, value in re.findall(r'<c r="\w+" s="(\d+)"><v>([\d.]+)</v>', sheet)}
    assert (shown["80"], shown["12.345"]) == ("#,##0", "#,##0.##")
    assert shown[str((date(2023, 12, 31) - date(1899, 12, 30)).days)] == "dd/mm/yyyy"
    assert '<pane ySplit="1"' in sheet
    assert "<autoFilter" in sheet


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (pl.col("quote") + "x" * 32_760, "column quote: a text of 32,.* cell of Excel holds 32,767"),
        (pl.col("value").repeat_by(80_000), "1,120,000 rows, and a sheet of Excel holds 1,048,575"),
    ],
)
def test_what_excel_cannot_hold_is_refused_and_nothing_left(export: Export, target: Path, change: pl.Expr, says: str) -> None:
    frame = export.frame.with_columns(change)
    frame = frame.explode("value") if frame["value"].dtype == pl.List else frame
    with pytest.raises(TooLargeForExcel, match=says):
        write(Format.XLSX, replace(export, frame=frame), target / "x")
    assert list(target.iterdir()) == []


def test_parquet_is_read_back_by_pyarrow(export: Export, target: Path) -> None:
    path = written(export, target, Format.PARQUET)

    table = pyarrow.parquet.read_table(path)
    assert table.to_pylist() == export.frame.rows(named=True)
    about = table.schema.metadata or pyarrow.parquet.read_metadata(path).metadata
    assert (about[b"version"], about[b"licence"]) == (b"kpi-000001", b"CC-BY-4.0")
    assert pyarrow.parquet.read_metadata(path).row_group(0).column(0).compression == "ZSTD"


def test_the_data_package_is_valid_and_read_back_by_frictionless(export: Export, target: Path) -> None:
    path = written(export, target, Format.DATAPACKAGE)

    package = frictionless.Package(str(path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    lists = {name for name, dtype in export.frame.schema.items() if dtype.is_nested()}
    found = [
        {name: cell.removeprefix("'") if isinstance(cell, str) else cell for name, cell in row.to_dict().items()}
        for row in package.get_resource("observations").read_rows()
    ]
    wanted = [
        {name: (" ".join(cell) or None) if name in lists else cell for name, cell in row.items()}
        for row in export.frame.rows(named=True)
    ]
    for row, expected in zip(found, wanted, strict=True):
        numbers = {name: float(cell) for name, cell in row.items() if export.frame[name].dtype.is_float() and cell is not None}
        assert row | numbers == expected


def test_the_data_package_describes_itself(export: Export, target: Path) -> None:
    package = frictionless.Package(str(written(export, target, Format.DATAPACKAGE) / "datapackage.json"))
    assert package.licenses[0]["name"] == "CC-BY-4.0"
    assert (package.version, package.created) == ("kpi-000001", export.built_at.isoformat())
    assert package.resource_names == [
        "observations", "documents", "metrics", "units", "places", "platforms", "sources",
    ]  # fmt: skip
    schema = package.get_resource("observations").schema
    assert schema.primary_key == ["observation_id"]
    assert {tuple(key["fields"]): key["reference"]["resource"] for key in schema.foreign_keys} == {
        ("metric_id",): "metrics",
        ("place_key",): "places",
        ("unit_id",): "units",
        ("platform_id",): "platforms",
        ("source_id",): "sources",
        ("document_id",): "documents",
    }
    assert schema.get_field("period_end").type == "date"
    assert "gt" in schema.get_field("comparator").constraints["enum"]


@pytest.mark.parametrize(
    ("file", "before", "after", "error"),
    [
        ("observations.csv", b"qr_payment_coverage", b"no_such_metric", "foreign-key"),
        ("observations.csv", b",approx,", b",about,", "constraint-error"),
        ("units.csv", b"percent", b"perzent", "foreign-key"),
    ],
)
def test_frictionless_finds_what_the_descriptor_forbids(
    export: Export, target: Path, file: str, before: bytes, after: bytes, error: str
) -> None:
    folder = written(export, target, Format.DATAPACKAGE)
    data = (folder / file).read_bytes()
    assert before in data
    (folder / file).write_bytes(data.replace(before, after))
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    types = {row[0] for row in report.flatten(["type"])}
    assert error in types
    assert "hash-count" in types


def sdmx_structure(folder: Path) -> StructureMessage:
    """pysdmx's model of the message; its ``read_sdmx`` would need the schemas of its extra "json"."""
    return msgspec.json.decode((folder / "structure.json").read_bytes(), type=JsonStructureMessage).to_model()


def test_sdmx_is_read_back_by_pysdmx(export: Export, target: Path) -> None:
    folder = written(export, target, Format.SDMX)

    [definition] = sdmx_structure(folder).get_data_structure_definitions()
    [dataset] = get_datasets(folder / "observations.csv")
    assert dataset.structure == definition.short_urn
    dataset.structure = definition.to_schema()
    assert list(dataset.data.columns) == [c.id for c in definition.components if c.id in dataset.data.columns]
    found = pl.from_pandas(dataset.data).with_columns(
        pl.col("REF_AREA").str.replace_all("@", "/").str.replace_all("$", ":", literal=True),
        pl.col("TIER").replace({"_Z": None}),
    )
    names = {
        "INDICATOR": "metric_id",
        "REF_AREA": "place_key",
        "KIND": "kind",
        "TIER": "tier",
        "OBS_VALUE": "value",
        "UNIT_MEASURE": "unit_id",
        "OBS_COMPARATOR": "comparator",
        "VALUE_LOW": "value_low",
        "VALUE_HIGH": "value_high",
        "PERIOD_BASIS": "period_basis",
        "SOURCE": "source_id",
        "CONFIDENCE": "confidence",
        "DOCUMENT_ID": "document_id",
        "OBSERVATION_ID": "observation_id",
    }
    kept = {sdmx: name for sdmx, name in names.items() if name in export.frame.columns}
    assert_frame_equal(found.select(kept.keys()).rename(kept), export.frame.select(kept.values()))
    periods = [PERIODS[period] for period in found["TIME_PERIOD"]]
    assert periods == export.frame.select("period_start", "period_end").rows()


def test_every_code_of_the_sdmx_data_is_in_its_code_list(export: Export, target: Path) -> None:
    folder = written(export, target, Format.SDMX)
    [definition] = sdmx_structure(folder).get_data_structure_definitions()
    data = pl.read_csv(folder / "observations.csv", infer_schema=False)
    coded = [component for component in definition.components if component.local_codes and component.id in data.columns]
    assert {component.id for component in coded} >= {"FREQ", "INDICATOR", "REF_AREA", "KIND", "TIER", "UNIT_MEASURE"}
    for component in coded:
        codes = {code.id for code in component.local_codes}
        assert set(data[component.id].drop_nulls()) <= codes, component.id
        assert all(re.fullmatch(r"[A-Za-z0-9_@$-]+", code) for code in codes), component.id


def test_sdmx_holds_no_text_of_a_document(export: Export, target: Path) -> None:
    data = (written(export, target, Format.SDMX) / "observations.csv").read_text(encoding="utf-8")
    assert not [text for text in HOSTILE if len(text) > 1 and text in data]


def test_figures_of_two_levels_of_government_are_two_keys_of_sdmx(export: Export, target: Path) -> None:
    one = export.frame.head(1).with_columns(tier=pl.lit("district"), denominator=pl.lit(40.0))
    other = one.with_columns(tier=pl.lit(None, pl.String), denominator=pl.lit(None, pl.Float64))
    folder = written(replace(export, frame=pl.concat([one, other])), target, Format.SDMX)
    data = pl.read_csv(folder / "observations.csv")
    assert data.select("TIER", "DENOMINATOR").rows() == [("district", 40.0), ("_Z", None)]
