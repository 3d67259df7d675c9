"""The routes of alerts.yaml: what they want to know, and what is said of a file that can't be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.paths import ROOT
from pipelines.reference.gazetteer import units
from pipelines.reference.routes import Route, RouteError, load_routes

PROBLEM = {
    "kind": "check",
    "expectation": "value_within_bounds",
    "severity": "critical",
    "owner": "data steward",
    "metric_id": "qr_payment_coverage",
    "place_key": None,
}


def key(full_name: str, within: str, code_list: str) -> str:
    """The key of a place, by its name and that of its parent."""
    by_key = {unit.place_key: unit for unit in units()}
    [found] = [
        unit.place_key
        for unit in units()
        if unit.full_name == full_name
        and unit.code_list == code_list
        and unit.parent_key
        and by_key[unit.parent_key].full_name == within
    ]
    return found


def load(folder: Path, text: str) -> tuple[Route, ...]:
    (folder / "alerts.yaml").write_text(text, encoding="utf-8")
    return load_routes(folder, {"qr_payment_coverage"})


def test_the_file_of_the_project_has_no_route_and_no_file_is_none(tmp_path: Path) -> None:
    assert load_routes(ROOT / "warehouse" / "reference") == ()
    assert load_routes(tmp_path) == ()


def test_the_route_that_the_head_of_the_file_shows_can_be_used(tmp_path: Path) -> None:
    lines = (ROOT / "warehouse" / "reference" / "alerts.yaml").read_text(encoding="utf-8").splitlines()
    [route] = load(tmp_path, "\n".join(line.removeprefix("#   ") for line in lines if line.startswith("#   ")))
    assert (route.id, route.variable, route.heartbeat, route.remind_hours) == (
        "data_stewards",
        "KPI_ALERT_MAIL_URL",
        "weekly",
        168,
    )


WRONG = {
    "field": ("- {id: a, to: '${A}', colour: red}", "entry a: colour: Extra inputs are not permitted"),
    "severity": ("- {id: a, to: '${A}', severities: [info]}", "entry a: severities.0: Input should be 'critical' or 'warning'"),
    "no address": ("- {id: a}", "entry a: to: Field required"),
    "address": ("- {id: a, to: 'mailto://user:hunter2@example.vn'}", "entry a: to: must be the name of a variable"),
    "place": ("- {id: a, to: '${A}', places: [Cà Mau]}", "entry a: places: 'Cà Mau' is no place"),
    "metric": ("- {id: a, to: '${A}', metrics: [qr]}", "entry a: metrics: 'qr' is not in metrics.yaml"),
    "twice": ("- {id: a, to: '${A}'}\n- {id: a, to: '${B}'}", "entry a: stands twice"),
    "no list": ("id: a", "must be a list of entries"),
    "no YAML": ("- {id: a\n- to: hunter2", "(line 2): not valid YAML"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_no_secret_with_it(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RouteError) as wrong:
        load(tmp_path, text)
    assert str(tmp_path / "alerts.yaml") in str(wrong.value)
    assert says in str(wrong.value)
    assert "hunter2" not in str(wrong.value)


WANTS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "everything": ({}, {}, True),
    "its severity": ({"severities": ["critical"]}, {}, True),
    "another severity": ({"severities": ["critical"]}, {"severity": "warning"}, False),
    "its owner": ({"owners": ["data steward"]}, {}, True),
    "another owner": ({"owners": ["operator"]}, {}, False),
    "its metric": ({"metrics": ["qr_payment_coverage"]}, {}, True),
    "another metric": ({"metrics": ["dti_score"]}, {}, False),
    "a metric, of what has none": ({"metrics": ["dti_score"]}, {"metric_id": None}, False),
    "a place, of what has none": ({"places": ["Tỉnh Cà Mau"]}, {}, False),
    "the country": ({"places": ["VN"]}, {"place_key": key("Huyện U Minh", "Tỉnh Cà Mau", "124/2004")}, True),
    "a district of its province": (
        {"places": ["Tỉnh Cà Mau"]},
        {"place_key": key("Huyện U Minh", "Tỉnh Cà Mau", "124/2004")},
        True,
    ),
    "a commune of its province": (
        {"places": ["Tỉnh Cà Mau"]},
        {"place_key": key("Xã Khánh Hội", "Huyện U Minh", "124/2004")},
        True,
    ),
    "a commune of its province today": (
        {"places": ["Tỉnh Cà Mau"]},
        {"place_key": key("Xã U Minh", "Tỉnh Cà Mau", "19/2025")},
        True,
    ),
    "a commune of its district": (
        {"places": ["Huyện U Minh, Tỉnh Cà Mau"]},
        {"place_key": key("Xã Khánh Hội", "Huyện U Minh", "124/2004")},
        True,
    ),
    "another district": (
        {"places": ["Huyện U Minh, Tỉnh Cà Mau"]},
        {"place_key": key("Huyện Đầm Dơi", "Tỉnh Cà Mau", "124/2004")},
        False,
    ),
    "a district of the same name elsewhere": (
        {"places": ["Huyện U Minh, Tỉnh Cà Mau"]},
        {"place_key": key("Huyện U Minh Thượng", "Tỉnh Kiên Giang", "124/2004")},
        False,
    ),
    "another channel that fails": ({"owners": ["x"]}, {"kind": "failed_channel", "expectation": "other"}, True),
    "itself that fails": ({}, {"kind": "failed_channel", "expectation": "a"}, False),
}


@pytest.mark.parametrize(("route", "problem", "wanted"), WANTS.values(), ids=WANTS)
def test_a_route_hears_of_what_it_asks_for(route: dict[str, Any], problem: dict[str, Any], wanted: bool) -> None:
    assert Route.model_validate({"id": "a", "to": "${A}"} | route).wants(PROBLEM | problem) is wanted
