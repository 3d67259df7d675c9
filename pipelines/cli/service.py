"""`kpi service`, `kpi ui`: what runs nightly, hourly and when something lands, and the page on which to see it."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.paths import Layout

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="where Dagster's page listens; KPI_PORT by default")]


def service(port: Port = None) -> None:
    """Run the schedules and the sensor of the landing folder, and serve Dagster's page, until told to stop.

    SIGTERM or Ctrl-C stops it: a run that is going has KPI_STOP_SECONDS to end, then it is killed, which loses nothing.
    Where a part of it ends by itself the rest is stopped too, with exit code 1, for systemd or Docker to start it anew.
    """
    from filelock import FileLock, Timeout

    from pipelines.errors import UserError
    from pipelines.operation.instance import prepare_instance
    from pipelines.operation.log import open_log
    from pipelines.operation.service import Service, ServiceFailed
    from pipelines.settings import read_settings

    settings = read_settings()
    layout = Layout.from_environment()
    layout.create()
    prepare_instance(layout)
    try:
        with FileLock(layout.folder / "service.lock", timeout=0), open_log(layout, job="service") as log:

            def say(message: str) -> None:
                typer.echo(message, err=True)
                log.info("service", message=message)

            left = _Left(layout)
            try:
                Service(settings.host, port or settings.port, settings.stop_seconds, say, left.tick).run()
            except ServiceFailed as failed:
                log.error("service failed", message=str(failed))
                raise
            _Left(layout).tick()
    except Timeout as error:
        raise UserError(f"a service of {layout.folder} is running already; stop it first") from error


def ui(port: Port = None) -> None:
    """Open Dagster's page on the instance that `kpi run` writes to: the same as `kpi service`, until Ctrl-C."""
    service(port)


class _Left:
    """The runs that a service which is no more left as going: their place in the pool is needed.

    A run that is alive holds the writer's lock, so that one of these, while we hold it, is dead.
    """

    def __init__(self, layout: Layout) -> None:
        from pipelines.operation.runs import going, limit_writers, open_instance

        self.layout = layout
        with open_instance() as instance:
            limit_writers(instance)
            self.left = {run.run_id for run in going(instance)}

    def tick(self) -> None:
        """Say of them that they failed, if the lock can be had."""
        from pipelines.errors import WriterBusy
        from pipelines.operation.runs import bury, going, open_instance
        from pipelines.store.database import writer_lock

        if not self.left:
            return
        try:
            with writer_lock(self.layout, 0), open_instance() as instance:
                bury(instance, [run for run in going(instance) if run.run_id in self.left])
                self.left.clear()
        except WriterBusy:
            pass
