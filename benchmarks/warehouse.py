"""How the warehouse behaves as it grows: appending a million observations, a small run on millions, asking.

Measures, on synthetic observations (synthetic.sql) in a folder of its own:

- append: N new observations staged, audited by the real suites, appended, marts built, checked and published, station by
  station, and a bare INSERT … SELECT of the same rows beside it; the peak of memory (resident set of the process);
- audit: N new observations audited alone, by corrections, confidence and the suite, with the peak of memory;
- run: `kpi run` on 100 new documents, on an empty warehouse and on N facts, and the whole line there with nothing new;
- ask: what analysts ask of the marts, on N facts: p50 and p95 of each.

Run it with `make bench-warehouse`, or python benchmarks/warehouse.py [append] [audit] [run] [ask]
[--facts 10000000] [--new 1000000].
With --folder the warehouses stay there, and one that has its facts already is used again.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dagster as dg
import polars as pl
from pyarrow.parquet import ParquetFile

from pipelines.definitions import defs
from pipelines.extract.reader import version_of
from pipelines.ingest.convert import CONVERTER_VERSION, refused_by
from pipelines.paths import Layout
from pipelines.reference.catalogue import load_catalogue
from pipelines.reference.curated import curated_version
from pipelines.reprints.signature import SIGNATURE_VERSION
from pipelines.settings import read_settings
from pipelines.store import stations
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames
from pipelines.store.versions import current_version, open_current

HERE = Path(__file__).parent
SENTENCES = 8  # observations of a document
AT_ONCE = 250_000  # documents made at once, so that memory stays flat
BATCH = 1_000  # documents staged at once, as the line does
STATIONS = ("audited_batch", "fact_observation", "marts", "published")
DOCUMENTS = 100
ROUNDS = 40

ARTICLE = """Xã {place} chuyển đổi số: bản tin số {number}

Ngày {day:02}/06/2024

Tính đến hết tháng 5/2024, {share}% cơ sở kinh doanh của xã {place}, tỉnh Cà Mau có mã QR thanh toán. \
Xã có {teams} tổ công nghệ số cộng đồng với {members} thành viên. Tỷ lệ hồ sơ nộp trực tuyến đạt {online}%. \
Có {documents}% văn bản của xã được ký số và gửi qua trục liên thông.
"""
PLACES = ("Khánh Hội", "Khánh Lâm", "Nguyễn Phích", "Tân Hưng Tây", "Phú Thuận", "Trí Lực", "Biển Bạch", "Tạ An Khương")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", default=["append", "audit", "run", "ask"], help="append, audit, run, ask (all)")
    parser.add_argument("--facts", type=int, default=10_000_000, help="facts already stored (10,000,000)")
    parser.add_argument("--new", type=int, default=1_000_000, help="observations to append (1,000,000)")
    parser.add_argument("--folder", type=Path, help="where the warehouses lie and stay (a temporary folder)")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="kpi-bench-"))
    try:
        if "append" in options.what:
            append(folder / "append", options.new)
        if "audit" in options.what:
            staged(folder / "audit", options.new)
            subprocess.run([sys.executable, __file__, "audit-alone", "--folder", folder, "--new", str(options.new)], check=True)
        if "audit-alone" in options.what:  # in a process of its own, so that the peak of memory is the audit's
            audit(Layout((folder / "audit").resolve()), options.new)
        if "run" in options.what or "ask" in options.what:
            layout = stored(folder / "stored", options.facts)
        if "run" in options.what:
            empty, full = small_run(made(folder / "empty")), small_run(layout)
            print(
                f"kpi run, {DOCUMENTS} new documents: {empty:.1f} s on an empty warehouse, {full:.1f} s on {options.facts:,}"
                f" facts, {full / empty:.2f} times"
            )
            report(f"the whole line on {options.facts:,} facts, nothing new", timed(layout))
        if "ask" in options.what:
            ask(layout)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def audit(layout: Layout, new: int) -> None:
    """Time the audit of ``new`` staged observations, the import of Great Expectations included."""
    report(f"audited_batch of {new:,}", timed(layout, STATIONS[0]))
    [peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print(f"  peak {int(peak) / 1e6:.2f} GB")


def append(folder: Path, new: int) -> None:
    """Time every station from the stage to publication on ``new`` observations, and a bare insert of the same rows."""
    bare, total = staged(folder, new)
    layout = Layout(folder.resolve())
    for station in STATIONS:
        total += report(station, timed(layout, station))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{new:,} observations: {total:.1f} s, {total / bare:.0f} times the bare insert ({bare:.1f} s); peak {peak:.2f} GB")


def staged(folder: Path, new: int) -> tuple[float, float]:
    """A warehouse with ``new`` observations in its stage. Returns the seconds of a bare insert of them, and of staging."""
    shutil.rmtree(folder, ignore_errors=True)
    layout = made(folder)
    with Database(layout) as database:
        synthesize(database, 0, new // SENTENCES)
        observations = folder / "observations.parquet"  # beside, so that the peak of memory is the line's and not ours
        statement = (HERE / "synthetic_stage.sql").read_text(encoding="utf-8")
        database.connection.execute(f"copy ({statement}) to '{observations}'")
        started = time.perf_counter()
        database.connection.execute(f"create table bare as from '{observations}'")
        bare = time.perf_counter() - started
        database.connection.execute("drop table bare")
        started = time.perf_counter()
        database.start_stage()
        for rows in ParquetFile(observations).iter_batches(BATCH * SENTENCES):
            batch = pl.DataFrame(rows)
            database.stage(batch["document_id"].unique(maintain_order=True).to_list(), {"observation": batch}, "synthetic")
        total = report("staged", time.perf_counter() - started)
    return bare, total


def stored(folder: Path, facts: int) -> Layout:
    """A warehouse that holds and has published ``facts`` synthetic facts."""
    layout = made(folder)
    if current_version(layout):
        return layout
    reference = read_settings().reference
    extractor = version_of(load_catalogue(reference))
    done_by = {"extractor": extractor, "signature": SIGNATURE_VERSION, "curated": curated_version(reference)}
    with Database(layout) as database:
        [(documents,)] = database.connection.execute("select count(*) from core.raw_document").fetchall()
        for first in range(documents, facts // SENTENCES, AT_ONCE):
            synthesize(database, first, min(first + AT_ONCE, facts // SENTENCES))
            execute(database, "synthetic_facts", done_by)
        limits = read_settings().conversion_limits
        for station in (
            stations.converting(CONVERTER_VERSION, refused_by(limits), limits.bytes),
            stations.signing(SIGNATURE_VERSION),
            stations.reading(extractor),
        ):
            stations.through(database, station, database.moment(), "synthetic")
    for station in ("marts", "published"):
        started = time.perf_counter()
        materialize(layout, station)
        report(f"{station} of {facts:,} facts, whole", time.perf_counter() - started)
    version = current_version(layout)
    assert version is not None
    print(f"  {'published file':34} {version.stat().st_size / 1e9:8.2f} GB")
    return layout


def small_run(layout: Layout) -> float:
    """Seconds that `kpi run` takes on new documents, as the operator sees it."""
    number = int(time.time())
    for i in range(DOCUMENTS):
        text = ARTICLE.format(
            place=PLACES[i % len(PLACES)], number=number + i, day=1 + i % 28, share=40 + i % 60, teams=3 + i % 9,
            members=20 + i, online=50 + i % 50, documents=60 + i % 40,
        )  # fmt: skip
        (layout.landing / f"{number}-{i}.txt").write_text(text, encoding="utf-8")
    started = time.perf_counter()
    command = [Path(sys.executable).with_name("kpi"), "run"]
    subprocess.run(command, env={**os.environ, "KPI_WAREHOUSE": str(layout.folder)}, check=True, capture_output=True)
    return time.perf_counter() - started


def ask(layout: Layout) -> None:
    """Print how long analysts wait for an answer: each question asked of ever other metrics and places."""
    questions = (HERE / "questions.sql").read_text(encoding="utf-8").split(";\n")
    with open_current(layout) as connection:
        asked = connection.execute((HERE / "asked.sql").read_text(encoding="utf-8"), {"rounds": ROUNDS}).fetchall()
        every = []
        for question in filter(str.strip, questions):
            name = question.strip().splitlines()[0].removeprefix("-- ")
            seconds = []
            for metric, place, province in asked:
                given = {"metric": metric, "place": place, "province": province}
                named = {key: value for key, value in given.items() if f"${key}" in question}
                started = time.perf_counter()
                connection.execute(question, named).fetchall()
                seconds.append(time.perf_counter() - started)
            every += seconds
            print(f"  {name:70} p50 {statistics.median(seconds) * 1e3:6.0f} ms  p95 {p95(seconds) * 1e3:6.0f} ms")
    print(f"all questions: p95 {p95(every) * 1e3:.0f} ms")


def made(folder: Path) -> Layout:
    """A warehouse in a folder, with its dimensions, which KPI_WAREHOUSE names from here on."""
    layout = Layout(folder.resolve())
    os.environ["KPI_WAREHOUSE"] = str(layout.folder)
    layout.create()
    with Database(layout) as database:
        database.load_dimensions(dimension_frames(load_catalogue(read_settings().reference)), "synthetic")
    return layout


def synthesize(database: Database, first: int, last: int) -> None:
    """Make documents and what they state: the table `synthetic`, and the documents recorded."""
    text = (HERE / "synthetic.sql").read_text(encoding="utf-8")
    database.connection.execute(text, {"first": first, "last": last})
    execute(database, "synthetic_documents", {"converter": CONVERTER_VERSION})


def execute(database: Database, name: str, parameters: dict[str, str]) -> None:
    """Execute the statements of one of our files, each with the parameters that it names."""
    for statement in filter(str.strip, (HERE / f"{name}.sql").read_text(encoding="utf-8").split(";\n")):
        named = {key: value for key, value in parameters.items() if f"${key}" in statement}
        database.connection.execute(statement, named or None)


def timed(layout: Layout, *stations: str) -> float:
    """Seconds that running stations of the line takes."""
    started = time.perf_counter()
    materialize(layout, *stations)
    return time.perf_counter() - started


def materialize(layout: Layout, *stations: str) -> None:
    """Run one station of the line, or all."""
    os.environ["KPI_WAREHOUSE"] = str(layout.folder)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def("run_line")
        selection = [dg.AssetKey(station) for station in stations] or None
        result = job.execute_in_process(instance=instance, asset_selection=selection, run_config=quiet)
    assert result.success, stations


def report(what: str, seconds: float) -> float:
    print(f"  {what:34} {seconds:8.2f} s", flush=True)
    return seconds


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main()
