"""The questions analysts ask: `sql/queries/*.sql`, each one select under a head that says what it answers.

Belongs here: reading a head, turning what was typed into values of its parameters.
Does not: running one (cli/answer.py), any query.

A head is comment lines: the question in English and Vietnamese, what a row is, and a line for each parameter,
`-- Param: NAME TYPE = DEFAULT · MEANING`. Nothing after `=` is null; without `=` the parameter must be given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.errors import UserError
from pipelines.store.statements import statements

Value = str | int | float | date | None

_LINE = re.compile(r"-- (Question|Câu hỏi|Row|Param): (.+)\n")
_PARAM = re.compile(r"(?P<name>[a-z_]+) (?P<type>\w+)(?P<given>\s=(?:\s(?P<default>\S+))?)? · (?P<meaning>.+)")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return datetime.strptime(typed, "%d/%m/%Y").date()


_TYPES: dict[str, tuple[Callable[[str], Value], str]] = {
    "text": (str, "a text"),
    "integer": (int, "a whole number, such as 12"),
    "number": (float, "a number, such as 99.5"),
    "date": (_day, "a date, such as 2024-12-31 or 31/12/2024"),
}


class QuestionError(UserError):
    """There is no such question, or it can't be asked like this; the message says how."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question; ``default`` is as it would be typed, None stands for null."""

    name: str
    type: str
    required: bool
    default: str | None
    meaning: str

    def value(self, typed: str) -> Value:
        """``typed`` as a value of the parameter's type. Raises ``QuestionError``."""
        convert, described = _TYPES[self.type]
        try:
            return convert(typed.strip())
        except ValueError as error:
            raise QuestionError(f"{self.name}={typed}: must be {described} ({self.meaning})") from error


@dataclass(frozen=True, slots=True)
class Question:
    """A file of `sql/queries/`: its head and its whole text."""

    name: str
    english: str
    vietnamese: str
    row: str
    parameters: tuple[Parameter, ...]
    text: str

    def values(self, typed: Iterable[str]) -> dict[str, Value]:
        """A value for every parameter, from ``key=value`` texts and defaults. Raises ``QuestionError``."""
        known = {parameter.name: parameter for parameter in self.parameters}
        given: dict[str, Value] = {}
        for item in typed:
            name, equals, value = (part.strip() for part in item.partition("="))
            if not equals:
                raise QuestionError(f"{item}: write --param NAME=VALUE")
            if name not in known:
                raise QuestionError(f"{self.name} has no parameter {name}; it has {', '.join(known) or 'none'}")
            if name in given:
                raise QuestionError(f"{name} is given twice; give it once")
            given[name] = known[name].value(value)
        for name, parameter in known.items():
            if name not in given:
                if parameter.required:
                    raise QuestionError(f"{self.name} needs {name} ({parameter.meaning}): --param {name}=…")
                given[name] = None if parameter.default is None else parameter.value(parameter.default)
        return given


def questions() -> list[Question]:
    """Every question, by name. Raises ``ValueError`` where a head is wrong."""
    return [read_question(name, text) for name, text in statements("queries")]


def find_question(name: str) -> Question:
    """The question of that name. Raises ``QuestionError``."""
    for question in questions():
        if question.name == name:
            return question
    raise QuestionError(f"{name}: no such question; kpi query lists them")


def read_question(name: str, text: str) -> Question:
    """A question from the text of its file. Raises ``ValueError`` where the head is not as it must be."""
    lines: dict[str, list[str]] = {"Question": [], "Câu hỏi": [], "Row": [], "Param": []}
    end = 0
    while line := _LINE.match(text, end):
        lines[line[1]].append(line[2].strip())
        end = line.end()
    if any(len(lines[key]) != 1 for key in ("Question", "Câu hỏi", "Row")):
        raise ValueError(f"sql/queries/{name}.sql: begin with one line each of '-- Question: ', '-- Câu hỏi: ', '-- Row: '")
    parameters = tuple(_parameter(name, line) for line in lines["Param"])
    return Question(name, lines["Question"][0], lines["Câu hỏi"][0], lines["Row"][0], parameters, text)


def _parameter(name: str, line: str) -> Parameter:
    match = _PARAM.fullmatch(line)
    if match is None or match["type"] not in _TYPES:
        raise ValueError(f"sql/queries/{name}.sql: '{line}': write '-- Param: NAME {'|'.join(_TYPES)} = DEFAULT · MEANING'")
    return Parameter(match["name"], match["type"], match["given"] is None, match["default"], match["meaning"])
