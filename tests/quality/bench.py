"""Where defects are planted: the house after its history, published, and the stations of the line that would meet them.

Belongs here: planting one defect at one station and saying what its suites and checks gave; all is as before after it.
Does not: the defects (defects.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from pipelines.assets.checks import sql_results
from pipelines.assets.gate import audit_appended, audit_stage
from pipelines.quality.audit import Result, audit
from pipelines.store.checks import run_checks
from pipelines.store.database import Database
from pipelines.store.marts import build_marts
from tests.quality.house import METRICS, NEXT, READER, House

RUN = "a run with a defect"
Plant = Callable[["Bench"], object]


class Bench:
    """``database`` holds the house and, attached, what was published of it."""

    def __init__(self, database: Database, house: House) -> None:
        self.database = database
        self.house = house

    def sql(self, statement: str) -> None:
        self.database.connection.execute(statement)

    # A defect at each station of the line

    def document(self, again: bool = False, dated: date | None = None, **changes: Any) -> list[Result]:
        """The next day's documents land, with changes to all: converted ``again``, ``dated`` otherwise than they landed."""
        self.sql("begin")
        try:
            since = self.database.moment()
            documents = [{**document, **changes} for document, _ in self._tomorrow()]
            self.house.land(self.database, documents, RUN)
            if again:
                stamp = {"recorded_at": self.database.moment(), "run_id": RUN}
                self.database.insert("core.document_version", [document | stamp for document in documents])
            if dated:
                self.sql(f"update core.document_version set published_on = '{dated}' where run_id = '{RUN}'")
            return audit("document", self.database.frame("line/audit_document", since=since), "document_id")
        finally:
            self.sql("rollback")

    def row(self, statement: str = "", **changes: Any) -> list[Result]:
        """The next day's documents are read, with changes to one row of the stage, or by a statement."""
        written = self._tomorrow()
        self.sql("begin")
        try:
            self.house.land(self.database, [document for document, _ in written], RUN)
            self.sql("commit")
            self.house.stage(self.database, written)
            one = "(select min(observation_id) from stage.observation where metric_id = 'qr_payment_coverage')"
            for column, value in changes.items():
                self.database.connection.execute(
                    f"update stage.observation set {column} = $value where observation_id = {one}", {"value": value}
                )
            if statement:
                self.sql(statement.format(one=one))
            return audit_stage(self.database)[0]
        finally:
            for table in ("raw_document", "origin", "document_version"):
                self.sql(f"delete from core.{table} where run_id = '{RUN}'")

    def appended(self, statement: str) -> list[Result]:
        """Facts are appended, and a statement changes those of the run before they are committed."""
        self.sql("begin")
        try:
            self.fact("qr_payment_coverage", 65)
            self.sql(statement)
            return audit_appended(self.database, RUN)
        finally:
            self.sql("rollback")

    def whole(self, plant: Plant | str, today: date = NEXT, marts: str = "") -> list[Result]:
        """Something is in the warehouse when the marts are built and all is checked; ``marts`` changes what was built."""
        self.sql("begin")
        try:
            if isinstance(plant, str):
                self.sql(plant)
            else:
                plant(self)
            build_marts(self.database.connection)
            if marts:
                self.sql(marts)
            found = run_checks(self.database.connection, False, today)
            return [*audit("mart", self.database.frame("line/audit_marts"), "mart"), *sql_results(found)]
        finally:
            self.sql("rollback")

    # What is planted

    def fact(self, metric: str, value: float, source: str = "bao_camau", day: date = NEXT, **over: Any) -> None:
        """A fact that a run has recorded: a document of ``source``, published on the next day, states it of ``day``."""
        given = {"period_start": day, "period_end": day, **over}
        unit = METRICS.get(metric, ("percent", 0, 0))[0]
        document, [row] = self.house.document(source, NEXT, [(metric, value)], **{"unit_id": unit, **given})
        self.house.land(self.database, [document], RUN)
        self.recorded([row])

    def recorded(self, rows: list[dict[str, Any]]) -> None:
        """Rows of the reader as facts of a run."""
        stamp = {"recorded_at": self.database.moment(), "run_id": RUN, "extractor_version": READER}
        self.database.insert(
            "core.fact_observation",
            [
                {"observation_id": hashlib.sha256(f"{row['document_id']} {row['value_start']}".encode()).hexdigest()[:16]}
                | {name: value for name, value in row.items() if name not in ("place_name", "place_level")}
                | stamp
                for row in rows
            ],
        )

    def latest(self, metric: str, source: str = "bao_camau") -> tuple[float, date]:
        """What the house said last of a metric: (value, day)."""
        [found] = self.database.connection.execute(
            "select value, period_end from mart.latest_observation where metric_id = ? and place_key = ?",
            [metric, self.house.places[source]],
        ).fetchall()
        return found[0], found[1]

    def quiet(self, days: int, without: Callable[[str, str], bool], figures: bool) -> None:
        """More days of the house, without some sources or metrics; with ``figures`` what they state."""
        written = [
            (document, [row for row in rows if not without(document["source_id"], row["metric_id"])])
            for document, rows in self.house.written(NEXT, days)
        ]
        self.house.land(self.database, [document for document, kept in written if kept], RUN)
        if figures:
            self.recorded([row for _, kept in written for row in kept])

    def _tomorrow(self) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        return list(self.house.written(NEXT, 1))
