"""Flowing text: spaces, breaks and what is invisible change no fact, and spans lead back to the stored text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract.flow import flow, unwrapped
from pipelines.extract.parse import parse_text
from pipelines.extract.platforms import platform_mentions
from pipelines.extract.reader import Reader
from pipelines.extract.view import SMALL, nfc
from pipelines.model import Document, Span, Status
from tests.extract.test_spec import ENTRIES

PROSE = sorted({nfc(entry["text"]) for _, entry in ENTRIES if not re.search(r"[\n\t|]", entry["text"])})
BETWEEN_SMALL_WORDS = re.compile(rf"(?<={SMALL}) (?={SMALL}{{2}})")
ONE_SPACE = re.compile(r"(?<=\S) (?=\S)")
reading = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("text", "flowing"),
    [
        ("hồ sơ của\nhuyện Sơn Dương đạt\n98,6%.", "hồ sơ của huyện Sơn Dương đạt 98,6%."),
        ("đã kích hoạt\n512.300 tài khoản\nđịnh danh điện tử.", "đã kích hoạt 512.300 tài khoản định danh điện tử."),
        ("dịch vụ công toàn\ntrình: 12 dịch vụ", "dịch vụ công toàn trình: 12 dịch vụ"),
        ("Kết quả\n95% hồ sơ\nHết.", "Kết quả\n95% hồ sơ\nHết."),
        ("Mục tiêu:\na) Ký số\n- hồ sơ", "Mục tiêu:\na) Ký số\n- hồ sơ"),
        ("Ký số | 95%\nhồ sơ | 80%", "Ký số | 95%\nhồ sơ | 80%"),
    ],
)
def test_lines_broken_inside_a_sentence_flow_on(text: str, flowing: str) -> None:
    assert unwrapped(text) == flowing


@pytest.mark.parametrize(
    ("text", "flowing"),
    [
        ("  Đạt   80 %  \n\n  hồ sơ ", "Đạt 80 %\n\nhồ sơ"),
        ("Bộ Công\u2009Thương", "Bộ Công Thương"),
        ("chuyển\u00ad đổi\u200b số\ufeff", "chuyển đổi số"),
        ("Tên\t\t80 \t 90", "Tên\t\t80 \t 90"),
        ("hồ\u00a0\u00a0sơ \r\nnộp", "hồ sơ nộp"),
        ("", ""),
    ],
)
def test_surplus_blanks_and_what_is_invisible_are_left_out(text: str, flowing: str) -> None:
    assert flow(text).text == flowing


@given(st.text(st.sampled_from("ab1 \u00a0\u200b\n\t.")))
def test_every_character_leads_back_to_itself(text: str) -> None:
    flowing = flow(text)
    for at, char in enumerate(flowing.text):
        start, end = flowing.back(Span(at, at + 1))
        same = text[start:end] == char or (char == " " and not text[start:end].strip("\u00a0\u200b\n "))
        assert same, (text, at)


def facts(reader: Reader, text: str) -> list[tuple[object, ...]]:
    """The facts of a text without their offsets, each with its number as written, blanks aside."""
    document = Document("d", text, published=date(2024, 6, 15))
    read = [o for o in reader.read(document) if o.status is Status.FACT]
    for o in read:
        assert text[o.quote_span.start : o.quote_span.end] == o.quote
    written = [text[o.number.start : o.number.end].replace("\u200b", "").split() for o in read]
    stated = [(o.metric_id, o.value, o.value_high, o.comparator, o.kind, o.place, o.period) for o in read]
    return list(zip(stated, written, strict=True))


@reading
@given(st.sampled_from(PROSE), st.data())
def test_extra_spaces_change_no_fact(reader: Reader, text: str, data: st.DataObject) -> None:
    blanks = st.sampled_from([" ", " ", "  ", "   ", " \u00a0", "\u200b ", "\u2009"])
    spaced = ONE_SPACE.sub(lambda _: data.draw(blanks), text)
    assert facts(reader, f" {spaced} ") == facts(reader, text)


@reading
@given(st.sampled_from(PROSE), st.data())
def test_line_breaks_inside_a_sentence_change_no_fact(reader: Reader, text: str, data: st.DataObject) -> None:
    breaks = st.sampled_from([" ", " ", " ", "\n", " \n", "\r\n"])
    assert facts(reader, nfc(BETWEEN_SMALL_WORDS.sub(lambda _: data.draw(breaks), text))) == facts(reader, text)


@reading
@given(st.sampled_from(PROSE))
def test_the_normal_form_of_the_letters_changes_no_fact(reader: Reader, text: str) -> None:
    assert facts(reader, nfc(unicodedata.normalize("NFD", text))) == facts(reader, text)


def test_offsets_of_all_that_is_read_are_those_of_the_stored_text(reader: Reader) -> None:
    text = "Tính  đến  ngày 30/4/2023,\u00a0 xã  Tân Ân (huyện Ngọc Hiển)  có 194  thành\nviên dùng  iOffice."
    said = parse_text(text, None, reader.lexicon.catalogue.units)
    written = {kind: [text[item["start"] : item["end"]] for item in items] for kind, items in said.items()}
    assert written["quantities"] == ["194"]
    assert written["periods"] == ["30/4/2023"]
    assert written["places"] == ["xã  Tân Ân (huyện Ngọc Hiển"]
    [mention] = platform_mentions(reader.lexicon, Document("d", text))
    assert text[mention.span.start : mention.span.end] == "iOffice"
    assert mention.quote == text
