"""The README's commands give what it shows; its columns, tables and entry are real."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.extract.reader import Reader
from pipelines.ingest.rejection import Reason
from pipelines.model import Document, Status
from pipelines.paths import ROOT, Layout
from pipelines.reference.catalogue import load_catalogue
from tests.line import published_rows

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
SHOWN = [(block.split("\n", 1)[0].removeprefix("$ "), block.split("\n", 1)[1]) for block in CONSOLE]
QUERIES = [
    (command, output) for command, output in SHOWN if command.startswith(("kpi sql", "kpi trace", "kpi explain", "kpi eval"))
]


def matches(output: str, shown: str) -> bool:
    """Whether ``output`` is what the README shows, in which "…" stands for anything."""
    tidy, pattern = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in (output, shown))
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), tidy, re.DOTALL) is not None


def environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "KPI_WAREHOUSE": str(folder), "PATH": path, "NO_COLOR": "1", "COLUMNS": "200"}


@pytest.mark.parametrize(("command", "shown"), QUERIES, ids=[command[:20] for command, _ in QUERIES])
def test_queries_give_what_the_readme_shows(command: str, shown: str, sample_warehouse: Layout) -> None:
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        env=environment(sample_warehouse.folder),
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert matches(done.stdout, shown), done.stdout


def test_make_run_gives_what_the_readme_shows_and_works_again(tmp_path: Path) -> None:
    Path(sys.prefix, ".installed").touch()  # these tests run in an installed environment
    [shown] = [output for command, output in SHOWN if command == "make run"]

    def make_run() -> str:
        done = subprocess.run(
            ["make", "--no-print-directory", "run", f"VENV={sys.prefix}"],
            capture_output=True,
            text=True,
            env=environment(tmp_path / "warehouse"),
            cwd=ROOT,
            timeout=100,
            check=True,
        )
        return done.stdout

    first = make_run()
    assert matches(first, shown), first
    again = make_run()
    assert "0 landed, 8 known already" in again
    assert "Nothing new." in again
    assert again[again.index("┌") :] == first[first.index("┌") :], "the same facts, the same hints"
    for line in first[first.index("Try next:") :].splitlines()[1:]:
        if "kpi" in line:
            subprocess.run(line, shell=True, env=environment(tmp_path / "warehouse"), cwd=ROOT, check=True, capture_output=True)


def test_make_targets_named_in_the_readme_are_listed_by_help() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    named = set(re.findall(r"make ([a-z]+)", README)) - {"it"}
    assert named
    for target in named | {"setup", "lint", "clean", "lock"}:
        assert f"  make {target} " in listed


def fake_python(folder: Path, script: str) -> str:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (None, "Python is missing: install Python 3.11 or newer"),
        (
            '[ "$1" = --version ] && echo "Python 3.9.2"; [ "$1" = --version ]',
            "Python 3.9.2 is too old: install Python 3.11 or newer",
        ),
        ('case "$2" in *ensurepip*) exit 1;; esac', "Python's venv module is missing: on Debian, apt-get install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_said_in_one_line(tmp_path: Path, script: str | None, says: str) -> None:
    python = fake_python(tmp_path, script) if script else str(tmp_path / "nowhere")
    done = subprocess.run(
        ["make", "setup", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert said[0].startswith(says)
    assert not (tmp_path / "venv").exists()


def test_commands_of_the_readme_exist() -> None:
    for name in set(re.findall(r"`kpi ([a-z]+)", README)):
        done = subprocess.run(["kpi", name, "--help"], capture_output=True, env=environment(ROOT), check=False)
        assert done.returncode == 0, name


def test_tables_of_the_readme_exist(sample_warehouse: Layout) -> None:
    named = set(re.findall(r"`((?:core|mart)\.\w+)`", README))
    assert len(named) > 6
    for table in named:
        published_rows(sample_warehouse, f"select * from {table} limit 1")


def test_the_metric_of_the_readme_can_be_added(tmp_path: Path) -> None:
    [entry] = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    reference = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", reference)
    with (reference / "metrics.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + entry)
    reader = Reader(load_catalogue(reference))
    [metric] = yaml.safe_load(entry)
    for example in metric["examples"]:
        found = [o for o in reader.read(Document("d", example["text"])) if o.status is Status.FACT]
        assert [(o.metric_id, o.value) for o in found] == [(metric["id"], fact["value"]) for fact in example["facts"]]


def test_every_reason_of_a_refusal_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    reasons = text[text.index("| reason |") : text.index("## Reading alone")]
    assert {reason.value for reason in Reason} == set(re.findall(r"`([a-z_]+)`", reasons))
