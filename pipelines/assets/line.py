"""The line: (feed →) landing → raw_document → document → observation → audited_batch → fact_observation → marts → published;
beside it, document → document_cluster → marts.

Belongs here: one thin asset a station. Each does what is not done yet, so a run that was killed is
finished by the next. Does not: SQL, rules of the domain.
"""

from collections.abc import Iterable
from datetime import date

import dagster as dg

from pipelines.assets.checks import check_results, record, sql_specs, suite_specs
from pipelines.assets.feeds import feed
from pipelines.assets.freshness import nightly_freshness
from pipelines.assets.gate import audit_appended, audit_stage, build_and_audit
from pipelines.assets.resources import Reading, Warehouse
from pipelines.extract.frame import candidate_frame, mention_frame, observation_frame
from pipelines.extract.platforms import platform_mentions
from pipelines.ingest.containers.unpack import Container, unpacked
from pipelines.ingest.convert import CONVERTER_VERSION, refused_by
from pipelines.ingest.documents import (
    as_document,
    container_row,
    document_row,
    origin_row,
    raw_row,
    refused_rows,
    rejection_row,
    unreadable_row,
)
from pipelines.ingest.landing import Stored, forget, move_to_raw, raw_path, stored_in_raw, waiting
from pipelines.ingest.rejection import Rejection
from pipelines.ingest.sandbox import Sandbox
from pipelines.operation.instance import WRITER
from pipelines.quality.audit import audit
from pipelines.reprints.alike import clusters, links
from pipelines.reprints.signature import SIGNATURE_VERSION, signature_row
from pipelines.store import stations
from pipelines.store.clusters import documents_to_compare, move_to_clusters, pairs_to_judge
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames
from pipelines.store.versions import publish

BATCH = 1_000


@dg.asset(group_name="ingest", kinds={"file"}, pool=WRITER, deps=[feed])
def raw_document(context: dg.AssetExecutionContext, warehouse: Warehouse, reading: Reading) -> dg.MaterializeResult:
    """Move what landed into the raw store, by SHA-256, containers with their members; of bytes already known only a
    corrected origin is kept.
    """
    layout = warehouse.layout
    items = waiting(layout)
    counts = dict.fromkeys(("new", "already known", "corrected", "containers", "unreadable", "recovered"), 0)
    with warehouse.open() as database:
        database.load_dimensions(dimension_frames(reading.catalogue), context.run.run_id)
        database.load_curated(reading.curated, context.run.run_id)
        if database.is_new():
            kept = unpacked(layout, stored_in_raw(layout), again=True)
            counts["recovered"] = _record(database, context.run.run_id, kept)["new"]
        for first in range(0, len(items), BATCH):
            moved = [(path, stored) for path in items[first : first + BATCH] if (stored := move_to_raw(layout, path))]
            taken = unpacked(layout, [stored for _, stored in moved])
            for name, count in _record(database, context.run.run_id, taken).items():
                counts[name] += count
            for path, stored in moved:
                forget(layout, path, stored)
    return dg.MaterializeResult(metadata=counts)


def _record(database: Database, run_id: str, items: Iterable[Stored | Container]) -> dict[str, int]:
    """Record what was taken from the landing folder in one transaction; returns how many of each sort there were."""
    found = list(items)  # members are stored before anything is recorded
    containers = [item for item in found if isinstance(item, Container)]
    taken = [stored for item in found for stored in (item.documents if isinstance(item, Container) else (item,))]
    stamp = {"recorded_at": database.moment(), "run_id": run_id}
    stored = [item for item in taken if item.sha256]
    files = {item.sha256: raw_row(item) | stamp for item in stored if not item.origin.document_id}
    corrected = sum(item.origin.document_id is not None for item in stored)
    with database.transaction():
        new = database.insert("core.raw_document", files.values(), key="document_id")
        database.note_origins(origin_row(item) | stamp for item in stored)
        unpacked_now = database.insert("core.container", (container_row(c) | stamp for c in containers), key="document_id")
        errors = [unreadable_row(item) | stamp for item in taken if item.error]
        errors += [row | stamp for container in containers for row in refused_rows(container)]
        unreadable = database.insert("core.rejected_document", errors, key="rejection_id")
    counts = {"new": new, "already known": len(stored) - corrected - new, "corrected": corrected}
    return counts | {"containers": unpacked_now, "unreadable": unreadable}


@dg.asset(
    group_name="ingest", kinds={"duckdb"}, pool=WRITER, deps=[raw_document], check_specs=suite_specs("document", "document")
)
def document(context: dg.AssetExecutionContext, warehouse: Warehouse, reading: Reading) -> dg.MaterializeResult:
    """Convert raw documents to text. One that can't be is recorded with its reason; the rest goes on."""
    layout, limits = warehouse.layout, warehouse.settings.conversion_limits
    station = stations.converting(CONVERTER_VERSION, refused_by(limits), limits.bytes)
    converted = rejected = 0
    with warehouse.open() as database, Sandbox(limits) as sandbox:
        upto = database.moment()
        for batch in stations.waiting(database, station, BATCH):
            documents, rejections = [], []
            for raw in batch:
                try:
                    text = sandbox.convert_file(raw_path(layout, raw["document_id"]), date.today())
                except Rejection as rejection:
                    rejections.append(rejection_row(raw["document_id"], raw["name"], rejection))
                    context.log.warning(f"{raw['name']}: {rejection.reason}: {rejection.message}")
                    said = {"document_id": raw["document_id"], "name": raw["name"], "reason": str(rejection.reason)}
                    warehouse.log.warning("document not readable", **said, message=rejection.message)
                else:
                    source = raw["source_id"] or reading.reader.sources.id_of(text.publisher, raw["url"] or text.url)
                    documents.append(document_row(raw, text, source))
                    warehouse.log.info("document read", document_id=raw["document_id"], name=raw["name"], source_id=source)
            now, run_id = database.moment(), context.run.run_id
            stamp = {"recorded_at": now, "run_id": run_id}
            with database.transaction():
                converted += database.insert("core.document_version", [row | stamp for row in documents])
                database.run("line/supersede_documents", now=now, run_id=run_id)
                rejected += database.insert("core.rejected_document", [row | stamp for row in rejections], key="rejection_id")
        stations.through(database, station, upto, context.run.run_id)
        unread = stations.since(database, stations.reading(reading.reader.version))
        results = audit("document", database.frame("line/audit_document", since=unread), "document_id")
        record(database, context.run.run_id, results)
    return dg.MaterializeResult(
        metadata={"converted": converted, "rejected": rejected}, check_results=check_results("document", results)
    )


@dg.asset(group_name="ingest", kinds={"duckdb"}, pool=WRITER, deps=[document])
def document_cluster(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Find the reprints of every text without a signature: documents that are one article form a cluster."""
    run_id = context.run.run_id
    station = stations.signing(SIGNATURE_VERSION)
    signed = moved = 0
    with warehouse.open() as database:
        upto = database.moment()
        for batch in stations.waiting(database, station, BATCH):
            stamp = {"recorded_at": database.moment(), "run_id": run_id}
            rows = [signature_row(row["document_id"], row["text"]) | stamp for row in batch]
            with database.transaction():
                signed += database.insert("core.document_signature", rows)
                compared = documents_to_compare(database, [row["document_id"] for row in batch])
                pairs = pairs_to_judge(database, compared, SIGNATURE_VERSION)
                moved += move_to_clusters(database, clusters(compared, links(pairs)), run_id)
        stations.through(database, station, upto, run_id)
    return dg.MaterializeResult(metadata={"signed": signed, "came to another cluster": moved})


@dg.asset(group_name="read", kinds={"python"}, pool=WRITER, deps=[document])
def observation(warehouse: Warehouse, reading: Reading) -> dg.MaterializeResult:
    """Stage the observations of every document not yet read by this extractor and catalogue."""
    reader = reading.reader
    station = stations.reading(reader.version)
    documents = observations = candidates = 0
    with warehouse.open() as database:
        database.start_stage()
        upto = database.moment()
        for batch in stations.waiting(database, station, BATCH):
            texts = [as_document(row) for row in batch]
            read = list(reader.read_all(texts))
            mentions = (mention for text in texts for mention in platform_mentions(reader.lexicon, text))
            staged = {
                "observation": observation_frame(read, reader.version),
                "candidate": candidate_frame(read, reader.version),
                "platform_mention": mention_frame(mentions, reader.version),
            }
            database.stage([text.doc_id for text in texts], staged, reader.version)
            documents, observations = documents + len(batch), observations + staged["observation"].height
            candidates += staged["candidate"].height
        stations.staged(database, station, upto)
    return dg.MaterializeResult(metadata={"documents": documents, "observations": observations, "candidates": candidates})


@dg.asset(
    group_name="audit",
    kinds={"greatexpectations"},
    pool=WRITER,
    deps=[observation],
    check_specs=suite_specs("audited_batch", "observation"),
)
def audited_batch(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Correct the staged rows and audit them: those that fail a row's expectation are marked for quarantine."""
    with warehouse.open() as database:
        results, findings = audit_stage(database)
        record(database, context.run.run_id, results)
    return dg.MaterializeResult(metadata={"findings": findings}, check_results=check_results("audited_batch", results))


@dg.asset(
    group_name="audit",
    kinds={"duckdb"},
    pool=WRITER,
    deps=[audited_batch],
    check_specs=suite_specs("fact_observation", "fact_observation"),
)
def fact_observation(context: dg.AssetExecutionContext, warehouse: Warehouse, reading: Reading) -> dg.MaterializeResult:
    """Append what passed to the insert-only facts, and the rest to quarantine, in one transaction."""
    run_id = context.run.run_id
    with warehouse.open() as database:
        with database.transaction() as transaction:
            run = database.append(run_id, reading.reader.version, reading.curated.version)
            results = audit_appended(database, run_id)
            counts = {name: run[name] for name in ("documents", "rejected", "observations", "quarantined", "retracted")}
            if any(result.blocks for result in results):
                transaction.undo()
                counts = {}
        record(database, run_id, results)
    return dg.MaterializeResult(metadata=counts, check_results=check_results("fact_observation", results))


@dg.asset(
    group_name="publish",
    kinds={"duckdb"},
    pool=WRITER,
    deps=[fact_observation, document_cluster],
    check_specs=[*suite_specs("marts", "mart"), *sql_specs("marts")],
)
def marts(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Bring the marts up to what is recorded, and check the whole."""
    with warehouse.open() as database:
        build, results = build_and_audit(database, warehouse.layout, context.run.run_id)
        record(database, context.run.run_id, results)
    return dg.MaterializeResult(
        metadata={"built": "whole" if build.whole else "in part", "metrics and places": build.touched},
        check_results=check_results("marts", results),
    )


@dg.asset(group_name="publish", kinds={"duckdb"}, pool=WRITER, deps=[marts], freshness_policy=nightly_freshness())
def published(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Make a version of what passed, and switch the analysts' pointer to it."""
    with warehouse.open() as database:
        version = publish(database, warehouse.layout, context.run.run_id, warehouse.settings.keep_versions)
    warehouse.log.info("published", version=version.stem)
    return dg.MaterializeResult(
        metadata={
            "version": version.stem,
            "path": dg.MetadataValue.path(str(version)),
            "bytes": version.stat().st_size,
        }
    )


LINE = [raw_document, document, document_cluster, observation, audited_batch, fact_observation, marts, published]
