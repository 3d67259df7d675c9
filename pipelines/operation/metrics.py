"""What Prometheus reads of a warehouse: a text file for the node exporter's textfile collector, written anew after each run.

Belongs here: which figures there are, and the file. Does not: the statements (sql/show/), alerts (quality/).
"""

from __future__ import annotations

import shutil

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from pipelines.ingest.landing import waiting
from pipelines.paths import Layout
from pipelines.store.database import Database
from pipelines.store.versions import current_version, versions


def write_metrics(layout: Layout, database: Database) -> None:
    """Write `metrics/kpi.prom`, at once: a reader sees the old file or the new one."""
    registry = CollectorRegistry()

    def gauge(name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"kpi_{name}", meaning, labels, registry=registry)

    finished = gauge("last_run_timestamp_seconds", "When the job's last run ended", "job")
    succeeded = gauge("last_run_succeeded", "Whether the job's last run succeeded (1) or failed (0)", "job")
    success = gauge("last_success_timestamp_seconds", "When a run of the job last succeeded", "job")
    for row in database.rows("show/job_runs"):
        finished.labels(row["job"]).set(row["finished_at"].timestamp())
        succeeded.labels(row["job"]).set(row["succeeded"])
        if row["succeeded_at"]:
            success.labels(row["job"]).set(row["succeeded_at"].timestamp())
    seconds = gauge("station_seconds", "How long the station took in the last run that came to it", "station")
    for row in database.rows("show/station_seconds"):
        seconds.labels(row["station"]).set(row["seconds"])
    failing = gauge("failing_checks", "Expectations and checks that failed when last looked at", "severity")
    for row in database.rows("show/failing_checks"):
        failing.labels(row["severity"]).set(row["failing"])
    held = gauge("held", "What the warehouse holds", "what")
    [counts] = database.rows("show/counts")
    for what, count in counts.items():
        held.labels(what).set(count)
    gauge("versions", "Published versions that are kept").set(len(versions(layout)))
    gauge("landing_waiting", "Files that wait in the landing folder").set(len(waiting(layout)))
    gauge("disk_free_bytes", "Free space where the warehouse lies").set(shutil.disk_usage(layout.folder).free)
    published = gauge("published_timestamp_seconds", "When the version that analysts read was made; 0: there is none")
    if current := current_version(layout):
        published.set(current.stat().st_mtime)
    layout.metrics.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(layout.metrics), registry)
