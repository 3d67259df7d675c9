"""The line from landing to publication, on a real DuckDB file and a real Dagster instance."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.assets.line import published, raw_document
from pipelines.assets.resources import Reading, Warehouse
from pipelines.ingest.convert import CONVERTER_VERSION, convert_file, refused_by
from pipelines.ingest.documents import as_document
from pipelines.ingest.landing import Landed, Origin, waiting
from pipelines.ingest.landing import land as put
from pipelines.paths import EXPECTATIONS, ROOT, Layout
from pipelines.reprints.signature import SIGNATURE_VERSION
from pipelines.settings import read_settings
from pipelines.store import stations
from pipelines.store.checks import CheckResult, run_checks
from pipelines.store.database import Database
from pipelines.store.statements import statements
from pipelines.store.versions import current_version, published_sequence
from tests.line import SAMPLES, facts, pipeline_rows, published_rows, run_line

ARTICLE = """Xã Phong Lạc đưa mã QR vào chợ

Lê Văn Út | 12/05/2023, 08:15

Tính đến ngày 30/4/2023, 85% cơ sở kinh doanh trên địa bàn xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có mã QR thanh toán. \
Xã có 9 tổ công nghệ số cộng đồng.
"""


def land(layout: Layout, name: str, content: str | bytes) -> Path:
    path = layout.landing / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_article_becomes_published_facts(layout: Layout) -> None:
    land(layout, "phong-lac.txt", ARTICLE)

    result = run_line(layout)

    assert result.success
    assert published_rows(
        layout,
        "select metric_id, value, comparator, kind, period_end::varchar, period_basis, place_full_name, province "
        "from mart.observation_in_context order by value",
    ) == [
        ("community_digital_team_count", 9.0, "eq", "actual", "2023-04-30", "inherited", "Xã Phong Lạc", "Cà Mau"),
        ("qr_payment_coverage", 85.0, "eq", "actual", "2023-04-30", "stated", "Xã Phong Lạc", "Cà Mau"),
    ]
    assert waiting(layout) == []


def test_what_is_said_of_a_named_system_is_kept_without_a_figure_too(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE + "\nXã giới thiệu ứng dụng CaMau-G cho bà con. Văn bản đi qua VNPT-iOffice.\n")

    run_line(layout)

    query = "select platform_id, mentions, figures, last_quote from mart.platform_overview where mentions > 0 order by 1"
    assert published_rows(layout, query) == [
        ("camau_g", 1, 0, "Xã giới thiệu ứng dụng CaMau-G cho bà con."),
        ("edoc_system", 1, 0, "Văn bản đi qua VNPT-iOffice."),
        ("qr_payment", 2, 1, published_rows(layout, "select quote from core.fact_observation where value = 85")[0][0]),
    ]


def test_running_twice_on_the_same_input_changes_nothing(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    before = pipeline_rows(layout, "from core.fact_observation order by all")
    land(layout, "again.txt", ARTICLE)

    run_line(layout)

    assert pipeline_rows(layout, "from core.fact_observation order by all") == before
    assert pipeline_rows(layout, "select count(*) from core.raw_document") == [(1,)]


def test_prints_of_one_article_are_one_cluster_of_the_published_version(layout: Layout) -> None:
    land(layout, "bao-a.txt", ARTICLE)
    run_line(layout)
    assert published_rows(layout, "select count(*) from core.current_cluster where cluster_id = document_id") == [(1,)]

    land(layout, "bao-b.txt", ARTICLE.replace("Xã Phong Lạc đưa", "XÃ PHONG LẠC ĐƯA"))
    land(layout, "bao-c.txt", ARTICLE.replace("85%", "58%"))
    run_line(layout)

    sizes = "select count(*) from core.current_cluster group by cluster_id order by all"
    assert published_rows(layout, sizes) == [(1,), (2,)], "another figure is another statement"


def test_documents_from_before_there_were_clusters_are_compared_by_the_next_run(layout: Layout) -> None:
    land(layout, "bao-a.txt", ARTICLE)
    land(layout, "bao-b.txt", ARTICLE.replace("Xã Phong Lạc đưa", "XÃ PHONG LẠC ĐƯA"))
    run_line(layout)
    [(extractor, curated)] = pipeline_rows(layout, "select extractor_version, curated_version from ops.run")
    limits = read_settings().conversion_limits
    line = (
        stations.converting(CONVERTER_VERSION, refused_by(limits), limits.bytes),
        stations.signing(SIGNATURE_VERSION),
        stations.reading(extractor),
    )
    clusters = pipeline_rows(layout, "from core.current_cluster order by all")
    with Database(layout) as database:
        assert not stations.pending(database, *line, curated).anything
        database.connection.execute(
            "delete from core.document_signature; delete from core.document_cluster; delete from ops.station_done"
        )
        assert stations.pending(database, *line, curated).to_sign == 2

    run_line(layout)

    assert pipeline_rows(layout, "from core.current_cluster order by all") == clusters
    with Database(layout) as database:
        assert not stations.pending(database, *line, curated).anything


CHECKS = statements("checks")
BAD = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\n", "empty"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(2000), "damaged"),
    "half.pdf": (b"%PDF-1.7\n1 0 obj\n<< /Type", "damaged"),
    "noise.bin": (bytes(range(256)) * 20, "unsupported_type"),
    "login.html": ((SAMPLES / "trang-dang-nhap.html").read_bytes(), "no_article"),
    "foreign.txt": ("Größe überfüllter Räume".encode("latin-1"), "unknown_encoding"),
    "huge.txt": (b"so lieu " * 6_500_000, "too_large"),
}


def test_bad_input_is_recorded_with_its_reason_and_stops_nothing(layout: Layout) -> None:
    for name, (content, _) in BAD.items():
        land(layout, name, content)
    land(layout, "good.txt", ARTICLE)

    assert run_line(layout).success

    rows = published_rows(layout, "select name, reason, message from core.rejected_document")
    recorded = {name: (reason, message) for name, reason, message in rows}
    assert {name: reason for name, (reason, _) in recorded.items()} == {name: reason for name, (_, reason) in BAD.items()}
    assert all(len(message) > 20 for _, message in recorded.values())
    assert len(facts(layout)) == 2
    for name, document_id in pipeline_rows(layout, "select name, document_id from core.origin where name <> 'good.txt'"):
        assert (layout.raw / document_id[:2] / document_id).read_bytes() == BAD[name][0]


def test_a_document_that_was_too_large_is_read_under_a_higher_limit(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_MAX_DOCUMENT_MB", "0.0001")
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    assert published_rows(layout, "select reason from core.rejected_document") == [("too_large",)]

    monkeypatch.setenv("KPI_MAX_DOCUMENT_MB", "1")
    run_line(layout)

    assert len(facts(layout)) == 2


def test_what_can_not_even_be_read_is_set_aside(layout: Layout) -> None:
    (layout.landing / "gone.txt").symlink_to(layout.folder / "nowhere")
    os.mkfifo(layout.landing / "pipe.txt")
    land(layout, "good.txt", ARTICLE)

    assert run_line(layout).success

    assert published_rows(layout, "select name, reason from core.rejected_document order by name") == [
        ("gone.txt", "unreadable"),
        ("pipe.txt", "unreadable"),
    ]
    assert sorted(path.name for path in layout.rejected.iterdir()) == ["gone.txt", "pipe.txt"]
    assert waiting(layout) == []
    assert len(facts(layout)) == 2


def test_a_row_that_fails_its_audit_is_quarantined_with_the_reason(layout: Layout) -> None:
    land(layout, "vo-ly.txt", ARTICLE.replace("85%", "850%").replace("Tính đến ngày 30/4/2023, ", ""))

    result = run_line(layout)

    assert result.success
    assert [row[0] for row in published_rows(layout, "select metric_id from core.fact_observation")] == [
        "community_digital_team_count"
    ]
    assert published_rows(layout, "select metric_id, value, expectation from core.quarantine_observation") == [
        ("qr_payment_coverage", 850.0, "value_within_bounds")
    ]
    check = next(c for c in result.get_asset_check_evaluations() if c.check_name == "value_within_bounds")
    assert not check.passed
    assert json.loads(str(check.metadata["sample"].value))[0]["out_of_bounds_by"] == 750.0


def test_a_row_whose_offsets_are_wrong_never_becomes_a_fact(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    land(layout, "a.txt", ARTICLE)
    monkeypatch.setattr("pipelines.assets.line.as_document", lambda row: replace(as_document(row), text="  " + row["text"]))

    assert run_line(layout).success

    assert {row[0] for row in pipeline_rows(layout, "select expectation from core.quarantine_observation")} == {
        "quote_stands_in_text"
    }
    assert facts(layout) == []


def _change_suite(folder: Path, suite: str, name: str, kwargs: dict[str, object]) -> None:
    path = folder / f"{suite}.json"
    definition = json.loads(path.read_text(encoding="utf-8"))
    [entry] = [entry for entry in definition["expectations"] if entry["meta"]["name"] == name]
    entry["kwargs"].update(kwargs)
    path.write_text(json.dumps(definition), encoding="utf-8")


@pytest.mark.parametrize(
    ("suite", "name", "kwargs"),
    [
        ("observation", "value_within_bounds", {"column": "no_such_column"}),  # raises: critical, whatever its scope
        ("fact_observation", "fact_kind_is_known", {"value_set": ["target"]}),
        ("document", "document_has_text", {"min_value": 10**9}),
    ],
)
def test_a_failed_critical_expectation_stops_every_run_until_it_is_mended(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suite: str, name: str, kwargs: dict[str, object]
) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    before = current_version(layout)
    land(layout, "b.txt", ARTICLE.replace("85%", "86%"))
    with monkeypatch.context() as patch:
        folder = tmp_path / "expectations"
        shutil.copytree(EXPECTATIONS, folder)
        patch.setattr("pipelines.quality.suites.EXPECTATIONS", folder)
        _change_suite(folder, suite, name, kwargs)

        assert not run_line(layout).success
        assert not run_line(layout).success, "nor does the next run let it pass"
        assert current_version(layout) == before
        assert len(pipeline_rows(layout, "from core.fact_observation")) == 2

    assert run_line(layout).success
    assert len(facts(layout)) == 4, "the run after the mending does what was left"


def test_a_check_that_raises_blocks_whatever_its_severity(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    land(layout, "a.txt", ARTICLE)
    told = "sources_agree"
    broken = [
        (name, f"-- info · owner: analyst\n-- It says.\nselect {name}" if name == told else text) for name, text in CHECKS
    ]
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.checks.statements", lambda folder: broken if folder == "checks" else statements(folder))
        assert not run_line(layout).success

    assert current_version(layout) is None
    query = f"select scope, severity, success, reason like '%it raised%' from ops.dq_result where expectation = '{told}'"
    assert pipeline_rows(layout, query) == [("table", "critical", False, True)]
    assert run_line(layout).success
    assert len(facts(layout)) == 2


def test_what_failed_its_checks_is_never_published(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    land(layout, "a.txt", ARTICLE)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.database.run_checks", _first_failed)
        assert not run_line(layout).success
    assert current_version(layout) is None

    with dg.DagsterInstance.ephemeral() as instance:
        alone = dg.materialize(
            [published], resources={"warehouse": Warehouse()}, selection=[published], instance=instance, raise_on_error=False
        )
    assert not alone.success
    assert current_version(layout) is None
    assert run_line(layout).success
    assert len(facts(layout)) == 2


def test_a_lost_database_is_restored_from_the_published_version_with_its_history(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    before = published_rows(layout, "from core.fact_observation order by all")
    layout.database.unlink()
    land(layout, "b.txt", ARTICLE.replace("85%", "86%"))

    assert run_line(layout).success

    after = published_rows(layout, "from core.fact_observation order by all")
    assert len(after) == 4
    assert set(before) < set(after), "when and by which run they were recorded is kept too"


def test_a_lost_warehouse_is_filled_anew_from_the_raw_store(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE)
    land(layout, "empty.txt", b"")
    run_line(layout)
    before = facts(layout)
    layout.database.unlink()
    shutil.rmtree(layout.published)

    assert run_line(layout).success

    assert facts(layout) == before
    assert published_rows(layout, "select name, reason from core.rejected_document") == [("empty.txt", "empty")]


def test_a_date_said_later_moves_the_figures_and_keeps_their_history(layout: Layout, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(ARTICLE.replace("Tính đến ngày 30/4/2023, ", "").replace("Lê Văn Út | 12/05/2023, 08:15\n", ""), "utf-8")
    put(layout, article, Origin("a.txt", published="2022-05-01"))
    run_line(layout)

    assert put(layout, article, Origin("a.txt", published="2023-05-12", source="bao_camau")) is Landed.CORRECTED
    run_line(layout)

    held = "select period_end::varchar, source_id from mart.observation_in_context"
    assert set(published_rows(layout, held)) == {("2023-05-12", "bao_camau")}
    history = "select period_end::varchar, superseded_at is null from core.observation_history order by all"
    assert sorted(set(published_rows(layout, history))) == [("2022-05-01", False), ("2023-05-12", True)]

    layout.database.unlink()
    shutil.rmtree(layout.published)
    run_line(layout)
    assert set(published_rows(layout, held)) == {("2023-05-12", "bao_camau")}, "the raw store knows the correction too"


def test_a_newer_converter_reads_every_document_anew(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    for module in ("pipelines.assets.line", "pipelines.ingest.documents", "pipelines.ingest.convert"):
        monkeypatch.setattr(f"{module}.CONVERTER_VERSION", "next")
    convert = convert_file
    monkeypatch.setattr(
        "pipelines.ingest.sandbox.convert_file",
        lambda *arguments: replace(converted := convert(*arguments), text="Trang 1\n\n" + converted.text),
    )

    assert run_line(layout).success, "and the facts of the older text still stand in it, which a check holds"

    assert published_rows(layout, "select converter_version from core.dim_document") == [("next",)]
    assert published_rows(layout, "select count(*) from core.current_observation") == [(2,)]
    assert len(facts(layout)) == 4


def test_a_lost_pointer_costs_no_version(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    (layout.published / "CURRENT").unlink()

    assert run_line(layout).success

    assert sorted(path.name for path in layout.published.glob("kpi-*")) == ["kpi-000001.duckdb", "kpi-000002.duckdb"]
    assert len(facts(layout)) == 2


def test_a_damaged_version_is_replaced_by_the_next_run(layout: Layout) -> None:
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    damaged = current_version(layout)
    assert damaged is not None
    damaged.write_bytes(b"no database" * 1000)
    assert published_sequence(layout) == 0

    assert run_line(layout).success

    assert len(facts(layout)) == 2


def test_results_of_checks_are_kept(sample_warehouse: Layout) -> None:
    rows = published_rows(sample_warehouse, "select distinct suite from ops.dq_result order by 1")
    assert [row[0] for row in rows] == ["checks", "document", "fact_observation", "mart", "observation"]
    assert published_rows(sample_warehouse, "select count(*) from ops.dq_result where suite = 'checks' and not success") == [
        (0,)
    ]


def test_an_edited_catalogue_is_read_anew_and_keeps_history(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", reference)
    monkeypatch.setenv("KPI_REFERENCE", str(reference))
    land(layout, "a.txt", ARTICLE)
    run_line(layout)
    metrics = reference / "metrics.yaml"
    entries = metrics.read_text(encoding="utf-8").split("\n- id: ")
    without = [entry for entry in entries if not entry.startswith("community_digital_team_count")]
    assert len(without) == len(entries) - 1
    metrics.write_text(
        "\n- id: ".join(without).replace("metric: community_digital_team_count", "metric: qr_payment_coverage"), "utf-8"
    )

    run_line(layout)

    held = "select metric_id from core.current_observation order by 1"
    assert published_rows(layout, held) == [("qr_payment_coverage",)]
    history = published_rows(layout, "select metric_id, superseded_at is null from core.observation_history order by 1")
    assert history == [("community_digital_team_count", False), ("qr_payment_coverage", True)]

    metrics.write_text("\n- id: ".join(entries), "utf-8")
    run_line(layout)

    assert published_rows(layout, held) == [("community_digital_team_count",), ("qr_payment_coverage",)]
    assert len(facts(layout)) == 3, "what was retracted and found again stands twice in the history"


def _first_failed(connection: duckdb.DuckDBPyConnection, whole: bool) -> list[CheckResult]:
    found = run_checks(connection, whole)
    first = next(result for result in found if result.head.severity == "critical")
    return [replace(result, failing_rows=1) if result is first else result for result in found]


def test_an_archive_and_a_mail_become_the_documents_in_them(layout: Layout) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xã/bài.txt", ARTICLE)
        archive.writestr("xã/trống.txt", "")
        archive.writestr("../x.txt", "80%")
    mail = EmailMessage()
    mail["From"], mail["Message-ID"], mail["Subject"] = "vp@xa.example", "<1@xa.example>", "Báo cáo của xã"
    mail.set_content("Kính gửi huyện.")
    mail.add_attachment(ARTICLE.replace("85%", "86%").encode(), maintype="text", subtype="plain", filename="báo cáo.txt")
    land(layout, "a.zip", file.getvalue())
    land(layout, "b.eml", mail.as_bytes())

    assert run_line(layout).success

    names = "select name from core.fact_observation join core.document_origin using (document_id) where value > 80 order by 1"
    assert published_rows(layout, names) == [("a.zip!xã/bài.txt",), ("b.eml!báo cáo.txt",)]
    held = "select name, members, refused from core.container order by 1"
    assert published_rows(layout, held) == [("a.zip", 2, 1), ("b.eml", 2, 0)]
    inside = "select count(*) from core.document_origin as o join core.container as c on c.document_id = o.container_id"
    assert published_rows(layout, inside) == [(4,)]
    unread = "select name, reason from core.unread_document order by 1"
    assert published_rows(layout, unread) == [("a.zip!../x.txt", "unsafe_name"), ("a.zip!xã/trống.txt", "empty")]
    assert waiting(layout) == []

    everything = [held, unread, "select document_id, name, container_id from core.document_origin order by 1"]
    before = [facts(layout), *(published_rows(layout, query) for query in everything)]
    layout.database.unlink()
    shutil.rmtree(layout.published)
    assert run_line(layout).success
    assert [facts(layout), *(published_rows(layout, query) for query in everything)] == before, "the raw store gives the same"


def test_an_archive_that_is_sent_again_mended_has_nothing_unread(layout: Layout) -> None:
    for content in ("", "Xã có 9 tổ công nghệ số cộng đồng."):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("bài.txt" if content else "../bài.txt", content or "80%")
        land(layout, "a.zip", file.getvalue())
        with dg.DagsterInstance.ephemeral() as instance:
            resources = {"warehouse": Warehouse(), "reading": Reading()}
            assert dg.materialize([raw_document], resources=resources, instance=instance).success
        left = 0 if content else 1
        assert pipeline_rows(layout, "select count(*) from core.unread_document") == [(left,)]
