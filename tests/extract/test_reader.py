"""The reader as a whole: its laws, the catalogue's own examples, the samples, the annotated article."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.cli.extract import as_json
from pipelines.extract.platforms import platform_mentions
from pipelines.extract.reader import Reader
from pipelines.extract.view import nfc, view
from pipelines.ingest.convert import convert_file
from pipelines.ingest.rejection import Rejection
from pipelines.model import Document, Level, Observation, Status
from pipelines.reference.catalogue import Catalogue
from tests.conftest import SHARED
from tests.extract.test_spec import ENTRIES
from tests.line import SAMPLES

ARTICLE = (
    "Xã Phong Lạc (huyện Trần Văn Thời, Cà Mau) có 9 tổ công nghệ số cộng đồng với 63 thành viên; "
    "trên 85% cửa hàng có mã QR thanh toán, tỷ lệ hồ sơ nộp trực tuyến đạt 71,5%.\n"
    "Mục tiêu đến năm 2025:\n- 100% văn bản điện tử được ký số."
)


def read(reader: Reader, text: str) -> list[Observation]:
    return [o for o in reader.read(Document("d", nfc(text), published=date(2023, 7, 7))) if o.status is Status.FACT]


def stated(reader: Reader, text: str) -> list[tuple[object, ...]]:
    return [(o.metric_id, o.value, o.value_high, o.comparator, o.kind, o.place, o.period) for o in read(reader, text)]


def test_an_article(reader: Reader) -> None:
    assert [(o.metric_id, o.value, o.comparator, o.kind, o.place.name) for o in read(reader, ARTICLE)] == [
        ("community_digital_team_count", 9, "eq", "actual", "Phong Lạc"),
        ("community_digital_team_members", 63, "eq", "actual", "Phong Lạc"),
        ("qr_payment_coverage", 85, "gt", "actual", "Phong Lạc"),
        ("online_submission_share", 71.5, "eq", "actual", "Phong Lạc"),
        ("edoc_signed_share", 100, "eq", "target", "Phong Lạc"),
    ]


def test_every_example_of_the_catalogue(reader: Reader, catalogue: Catalogue) -> None:
    wrong = []
    for metric in catalogue.metrics.values():
        for example in metric.examples:
            expected = sorted((f.metric or metric.id, f.value, f.comparator, f.kind, f.value_high) for f in example.facts)
            found = sorted(
                (str(o.metric_id), o.value, o.comparator.value, o.kind.value, as_json(o)["value_high"])
                for o in read(reader, example.text)
            )
            if repr(expected) != repr([(m, float(v), c, k, h) for m, v, c, k, h in found]):
                wrong.append((metric.id, example.text, expected, found))
    assert wrong == []


LEADS = (
    "Bên cạnh đó, {}",
    "Thực hiện Kế hoạch số 12/KH-UBND của tỉnh, {}",
    "Ông Nguyễn Văn Hùng, Phó Giám đốc Sở Thông tin và Truyền thông, cho hay {}",
    "Sau hai năm triển khai Đề án 06, {}",
)
TAILS = (
    "{}, theo thống kê của Sở Thông tin và Truyền thông.",
    "{}, góp phần xây dựng chính quyền số, kinh tế số, xã hội số.",
    "{}, nhờ sự vào cuộc của cả hệ thống chính trị.",
    "{}, với tổng kinh phí 1,2 tỷ đồng.",
)


@pytest.mark.parametrize("around", LEADS + TAILS)
def test_what_officials_say_around_a_figure_changes_no_metric(around: str, reader: Reader, catalogue: Catalogue) -> None:
    def read_in(text: str) -> list[tuple[str | None, float]]:
        return [(o.metric_id, o.value) for o in read(reader, text)]

    examples = [
        example.text.rstrip(".") for metric in catalogue.metrics.values() for example in metric.examples if example.facts
    ]
    put = [(t, around.format(t[0].lower() + t[1:] if around in LEADS and t[1].islower() else t)) for t in examples]
    assert [said for text, said in put if read_in(said) != read_in(text + ".")] == []


SAMPLE_FACTS = yaml.safe_load((Path(__file__).parents[1] / "samples.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SAMPLE_FACTS)
def test_the_bundled_samples_give_their_facts_and_no_other(name: str, reader: Reader) -> None:
    sample = SAMPLE_FACTS[name]
    if "rejected" in sample:
        with pytest.raises(Rejection) as refused:
            convert_file(SAMPLES / name, 10**7, date(2026, 1, 1))
        assert refused.value.reason == sample["rejected"]
        return
    converted = convert_file(SAMPLES / name, 10**7, date(2026, 1, 1))
    assert str(converted.published) == sample["published"]
    document = Document(name, converted.text, converted.title, converted.published, converted.publisher, converted.url)
    found = [o for o in reader.read(document) if o.status is Status.FACT]
    expected = []
    for fact in sample["facts"]:
        at = converted.text.index(fact["quote"])
        if fact["metric"]:
            expected.append((at, at + len(fact["quote"]), fact))
    assert len(found) == len(expected)
    for observation, (start, end, fact) in zip(found, expected, strict=True):
        assert start <= observation.number.start < observation.number.end <= end, fact
        assert (observation.metric_id, observation.value, observation.comparator.value, observation.kind.value) == (
            fact["metric"],
            pytest.approx(fact["value"]),
            fact["comparator"],
            fact["kind"],
        ), fact
        assert (observation.place.name, observation.place.level) == (fact["place"]["name"], fact["place"]["level"]), fact
        assert observation.place.key is not None, fact
        assert (observation.period.basis.value == "publication_date") == (fact["as_of"] is None) or fact["as_of"] is None, fact
        if fact["as_of"] is None:
            assert observation.period.basis.value != "stated", fact
        else:
            assert observation.period.end is not None
            assert observation.period.end.isoformat().startswith(fact["as_of"][:4]), fact


def test_a_tier_and_a_denominator_have_fields_of_their_own(reader: Reader) -> None:
    text = "Tỷ lệ hồ sơ công việc xử lý trên mạng: cấp huyện 80%, cấp xã 60%. Toàn tỉnh có 98/102 xã dùng một cửa điện tử."
    read = reader.read(Document("d", text))
    assert [(o.value, o.tier) for o in read if o.metric_id == "work_files_online_share"] == [(80, "district"), (60, "commune")]
    assert [o.denominator for o in read if o.value == 98] == [102]


def test_tiers_named_in_turn_go_to_their_figures(reader: Reader) -> None:
    text = "Tỷ lệ văn bản ký số của cấp tỉnh, cấp huyện và cấp xã lần lượt là 99,8%, 98,1% và 91,4%."
    assert [o.tier for o in read(reader, text)] == [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]


def test_what_no_metric_fits_is_named_by_its_words(reader: Reader) -> None:
    [read] = reader.read(Document("d", "Huyện có 1.250 thuê bao truyền hình."))
    assert (read.status, read.phrase) == (Status.CANDIDATE, "thuê bao truyền hình")


def test_bare_points_are_of_the_index_that_the_title_names(reader: Reader) -> None:
    text = "UBND tỉnh vừa công bố kết quả.\n- Huyện Bảo Thắng: 771,5 điểm (năm 2021: 702,3 điểm).\n- Huyện Bát Xát: 754,8 điểm."
    titles = "Chỉ số chuyển đổi số (DTI) năm 2022 của các huyện tỉnh Lào Cai", "Kết quả thi đua năm 2022 của các huyện"
    of_index, of_none = (reader.read(Document("d", text, title)) for title in titles)
    assert [(o.metric_id, o.value, o.place.name, o.period.end and o.period.end.year) for o in of_index] == [
        ("dti_score", 771.5, "Bảo Thắng", 2022),
        ("dti_score", 702.3, "Bảo Thắng", 2021),
        ("dti_score", 754.8, "Bát Xát", 2022),
    ]
    assert {o.metric_id for o in of_none} == {None}


def test_a_value_that_the_metric_can_not_have_is_no_fact(reader: Reader) -> None:
    text = "Huyện Thới Bình có 150% cơ sở kinh doanh có mã QR thanh toán."
    [read] = reader.read(Document("d", text))
    assert (read.metric_id, read.value, read.status) == ("qr_payment_coverage", 150, Status.REJECTED)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=200)
@given(st.text(max_size=300))
def test_reading_never_raises_and_quotes_stand_in_the_text(reader: Reader, text: str) -> None:
    document = Document("d", nfc(text))
    for o in reader.read(document):
        assert document.text[o.quote_span.start : o.quote_span.end] == o.quote
        assert o.quote_span.start <= o.number.start < o.number.end <= o.quote_span.end


FRAGMENTS = [
    "80%",
    "1.234 hồ sơ",
    "xã Tân Ân",
    "văn bản",
    "điện tử",
    "mã QR",
    "cửa hàng",
    "đạt",
    ", ",
    ". ",
    "\n",
    "- ",
    "năm 2023",
    "|",
    "trên",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join))
def test_quotes_stand_in_texts_of_the_kind(reader: Reader, text: str) -> None:
    test_reading_never_raises_and_quotes_stand_in_the_text.hypothesis.inner_test(reader, text)  # type: ignore[attr-defined]


# The words of every rule's own examples, in any order: what no sentence says, a page or an OCR may.
WORDS = sorted({word for _, entry in ENTRIES for word in nfc(entry["text"]).split()})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_no_order_of_words_is_too_much(reader: Reader, text: str) -> None:
    test_reading_never_raises_and_quotes_stand_in_the_text.hypothesis.inner_test(reader, text)  # type: ignore[attr-defined]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.sampled_from(ENTRIES), st.sampled_from(ENTRIES), st.integers(0, 200), st.integers(0, 200))
def test_no_torn_sentence_is_too_much(
    reader: Reader, one: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]], end: int, start: int
) -> None:
    text = one[1]["text"][:end] + other[1]["text"][start:]
    test_reading_never_raises_and_quotes_stand_in_the_text.hypothesis.inner_test(reader, text)  # type: ignore[attr-defined]


def test_every_small_number_of_a_ratio_is_read(reader: Reader) -> None:
    words = "hai ba bốn năm sáu bảy tám chín".split()
    for value, word in enumerate(words, start=2):
        [fact] = read(reader, f"Cứ mười hộ thì có {word} hộ dùng cáp quang.")
        assert (fact.metric_id, fact.value) == ("fibre_household_share", value * 10), word


def test_the_form_of_the_letters_changes_nothing(reader: Reader) -> None:
    decomposed = unicodedata.normalize("NFD", ARTICLE)
    assert decomposed != ARTICLE
    assert stated(reader, decomposed) == stated(reader, ARTICLE)
    assert stated(reader, ARTICLE.replace("hóa", "hoá").replace(" ", "\u00a0")) == stated(reader, ARTICLE)


FIGURES = "xã Tân Ân đạt 80% hồ sơ nộp trực tuyến năm 2023, 194 thành viên tổ công nghệ số cộng đồng, 12% cửa hàng có mã QR"


@pytest.mark.parametrize("between", [", ", ". Ở đó ", "\n", " | "], ids=["sentence", "line", "document", "row"])
def test_the_work_grows_with_the_text_and_no_faster(reader: Reader, between: str) -> None:
    """Counted in calls, not seconds: a text four times as long takes four times as many."""

    def calls(times: int) -> int:
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        text = between.join([FIGURES] * times)
        sys.setprofile(note)
        try:
            reader.read(Document("d", text))
        finally:
            sys.setprofile(None)
        return count

    reader.read(Document("d", FIGURES))
    assert calls(80) < 4.4 * calls(20)


@given(st.text())
def test_the_view_keeps_every_position(text: str) -> None:
    assert len(view(text)) == len(text)


@pytest.mark.skipif(not SHARED.exists(), reason="the annotated article lies beside the project, not in it")
def test_the_real_article_gives_exactly_its_ten_facts(tmp_path: Path, reader: Reader) -> None:
    gold = SHARED / "gold" / "seed.jsonl"
    item = json.loads(gold.read_text(encoding="utf-8"))
    document = Document(item["doc_id"], item["text"], item["title"], date(2023, 7, 7), item["publisher"])
    found = [as_json(o) for o in reader.read(document) if o.status is Status.FACT]
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(json.dumps(p, ensure_ascii=False) for p in found), encoding="utf-8")

    score = subprocess.run(
        [sys.executable, SHARED / "tools" / "score.py", gold, predictions, "--json"], capture_output=True, text=True, check=True
    )

    assert len(found) == 10
    assert {level: result["f1"] for level, result in json.loads(score.stdout).items()} == {"metric": 1, "value": 1, "full": 1}


def test_a_platform_on_a_broken_line_is_quoted_as_its_figure_is(reader: Reader) -> None:
    document = Document("d", "Xã nhận hồ sơ qua VNeID\ncho người dân, đạt 85% hộ có mã QR.\n\nKhông gì nữa.")
    [mention, *_] = platform_mentions(reader.lexicon, document)
    [fact] = [o for o in reader.read(document) if o.status is Status.FACT]
    assert mention.quote == fact.quote
