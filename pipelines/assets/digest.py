"""The weekly digest: how the warehouse stands, and every problem that is open.

Belongs here: the job. Does not: what the digest says and sending it (alerts/, alerts.py), its schedule (triggers.py).
"""

import dagster as dg

from pipelines.alerts.watch import week
from pipelines.assets.resources import Warehouse
from pipelines.operation.instance import WRITER


@dg.op(pool=WRITER, out=dg.Out(dg.Nothing))
def week_in_review(warehouse: Warehouse) -> None:
    """Put the digest into the outbox, for the routes that want it."""
    with warehouse.open() as database:
        week(database, warehouse.settings)


@dg.job(executor_def=dg.in_process_executor, description="How the warehouse stands and what is open, to those who want it.")
def quality_digest() -> None:
    week_in_review()
