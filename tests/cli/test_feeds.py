"""`kpi feeds` as its user meets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.paths import ROOT
from tests.conftest import Kpi
from tests.site import Answer, serve


def test_feeds_are_listed_and_fetched(kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kpi("feeds").stdout.startswith("No source has feeds yet; add some in warehouse/reference/sources.yaml")
    reference = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", reference)
    monkeypatch.setenv("KPI_REFERENCE", str(reference))
    monkeypatch.setenv("KPI_FETCH_PRIVATE", "true")
    with serve() as site:
        tin, hong = f"{site.address}/tin.rss", f"{site.address}/hong.rss"
        feeds = f"[{{url: '{tin}', seconds_between: 0}}, {{url: '{hong}'}}]"
        entry = f"- {{id: x, name: X, kind: other, authority: 1, feeds: {feeds}}}\n"
        with (reference / "sources.yaml").open("a", encoding="utf-8") as file:
            file.write(entry)
        assert kpi("feeds").stdout.splitlines() == [tin, "    x: never asked", hong, "    x: never asked"]
        item = f"<item><link>{site.address}/a.html</link></item>"
        site.pages |= {"/tin.rss": f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), "/a.html": b"<html>"}
        site.pages["/hong.rss"] = Answer(status=410)

        fetched = kpi("feeds", "--fetch")

    assert fetched.returncode == 3, fetched.stderr
    lines = fetched.stdout.splitlines()
    assert lines[0] == "1 pages listed anew, 1 landed, 0 known already."
    assert lines[2].endswith("UTC read; pages: 1 new, 1 of 1 landed so far, 0 waiting")
    assert "failed (not_there)" in lines[4]
    assert "the server answered 410" in lines[5]
    assert "1 could not be had; kpi doctor says why." in fetched.stderr
    assert "not fetched" in (doctor := kpi("doctor").stdout)
    assert "not_there: " + hong in doctor
