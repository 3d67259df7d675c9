"""Routes of alerts: who is told of what, and where, as `warehouse/reference/alerts.yaml` states it.

Belongs here: the shape of a route, its validation, errors that name file, entry and field, which problems a route wants.
Does not: the addresses themselves, which are secrets (alerts/channel.py), what is sent (alerts/digest.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from pipelines.errors import UserError
from pipelines.reference.entry import Entry
from pipelines.reference.gazetteer import Unit, units

FILE = "alerts.yaml"
FAILED_CHANNEL = "failed_channel"
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class RouteError(UserError):
    """The routes can't be used; the message names file, entry, field and what to do, a line for each problem."""


class Route(Entry):
    """Who is told (``id``), of which problems, where, and how often again.

    A list that is left out stands for all: ``severities`` critical and warning; ``metrics`` ids of metrics.yaml; ``places``
    full names ("Tỉnh Cà Mau", "Xã Khánh Hội, Huyện U Minh, Tỉnh Cà Mau") or keys, each with all that lies in it; ``owners``
    of the expectations. With metrics or places a route hears only of problems that have one.
    ``to`` names the variable that holds the address, an Apprise URL: ``${KPI_ALERT_MAIL_URL}``.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    to: str
    severities: tuple[Literal["critical", "warning"], ...] = Field(default=("critical", "warning"), min_length=1)
    metrics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    languages: tuple[Literal["vi", "en"], ...] = Field(default=("vi", "en"), min_length=1)
    remind_hours: float = Field(default=168, gt=0)
    heartbeat: Literal["daily", "weekly", "never"] = "weekly"

    @property
    def variable(self) -> str:
        """The name of the variable that holds the address."""
        return self.to[2:-1]

    @property
    def remind_after(self) -> timedelta:
        return timedelta(hours=self.remind_hours)

    def wants(self, problem: dict[str, Any]) -> bool:
        """Whether a problem (a row of ops.problem_event) is to be told here.

        That a channel fails is told by every other one: those who rely on it would not know.
        """
        if problem["kind"] == FAILED_CHANNEL:
            return bool(problem["expectation"] != self.id)
        return (
            problem["severity"] in self.severities
            and (not self.owners or problem["owner"] in self.owners)
            and (not self.metrics or problem["metric_id"] in self.metrics)
            and (not self.places or _lies_in(problem["place_key"], self.places))
        )


def load_routes(folder: Path, metrics: Collection[str] | None = None) -> tuple[Route, ...]:
    """The routes of ``folder``; none where the file is missing or empty. With the known ``metrics`` others are problems too.

    Raises ``RouteError`` with every problem found: an unknown field, an address in place of a variable's name, a place
    that isn't known, a route that stands twice.
    """
    path = folder / FILE
    problems: list[str] = []
    found: dict[str, Route] = {}
    for label, item in _entries(path):
        try:
            route = Route.model_validate(item)
        except ValidationError as error:
            wrong = ((".".join(map(str, e["loc"])) or "(entry)", e["msg"]) for e in error.errors(include_input=False))
            problems += [f"{path}: entry {label}: {field}: {message}" for field, message in wrong]
            continue
        if not _VARIABLE.fullmatch(route.to):  # what it says instead may be a secret, and is not repeated
            problems.append(
                f"{path}: entry {label}: to: must be the name of a variable, like ${{KPI_ALERT_MAIL_URL}}; put the address into"
                " the environment or into .env"
            )
        problems += [
            f"{path}: entry {label}: places: {place!r} is no place; write its full name with what it lies in,"
            " like 'Huyện U Minh, Tỉnh Cà Mau', or a place_key"
            for place in route.places
            if not _keys_of(place)
        ]
        problems += [
            f"{path}: entry {label}: metrics: {metric!r} is not in metrics.yaml; write the id of a metric"
            for metric in route.metrics
            if metrics is not None and metric not in metrics
        ]
        if route.id in found:
            problems.append(f"{path}: entry {label}: stands twice; put both into one, or give one another id")
        found[route.id] = route
    if problems:
        raise RouteError("\n".join(problems))
    return tuple(found.values())


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Each entry with the name that messages give it."""
    try:
        content = yaml.safe_load(path.read_bytes()) or []
    except FileNotFoundError:
        return
    except OSError as error:
        raise RouteError(f"{path}: can't be read ({error.strerror}); make it readable, or set KPI_REFERENCE") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise RouteError(f"{path}{where}: not valid YAML; mend that line") from None  # its words quote the file
    if not isinstance(content, list):
        raise RouteError(f"{path}: must be a list of entries, each beginning with '- id: …'")
    for number, item in enumerate(content, start=1):
        yield str(item.get("id", f"#{number}")) if isinstance(item, dict) else f"#{number}", item


def _lies_in(place_key: str | None, places: tuple[str, ...]) -> bool:
    """Whether a place is one of ``places`` or lies in one, on the map that was in force when it existed."""
    if place_key is None:
        return False
    wanted = {key for place in places for key in _keys_of(place)}
    return any(unit.place_key in wanted for unit in _lineage(place_key))


@cache
def _keys_of(place: str) -> tuple[str, ...]:
    """The places that a key or full name means; a name that both maps have means both."""
    first, *others = (part.strip() for part in place.split(","))
    return tuple(
        unit.place_key
        for unit in units()
        if unit.place_key == place
        or (unit.full_name == first and set(others) <= {above.full_name for above in _lineage(unit.place_key)})
    )


def _lineage(place_key: str) -> Iterator[Unit]:
    """A place and what it lies in, up to the country."""
    key: str | None = place_key
    while key is not None and (unit := _by_key().get(key)):
        yield unit
        key = unit.parent_key


@cache
def _by_key() -> dict[str, Unit]:
    return {unit.place_key: unit for unit in units()}
