"""The second opinion: what it looks at, its file, what it says against the rules, and how it is learned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.extract.explanation import explain
from pipelines.extract.learned import ENOUGH, SecondOpinion, Words, features, words_around
from pipelines.extract.reader import Reader
from pipelines.extract.training import Recorder, examples, fitted, packed
from pipelines.extract.view import view
from pipelines.model import Document, Span
from pipelines.reference.catalogue import LEARNED, Catalogue, CatalogueError

SAID = [
    ("qr_payment_coverage", "sạp hàng dán mã vuông nhận tiền"),
    ("qr_payment_coverage", "quán xá treo mã vuông"),
    ("smartphone_share", "bà con cầm máy cảm ứng"),
    ("smartphone_share", "người già dùng máy cảm ứng"),
    ("none", "học sinh đỗ đại học"),
    ("none", "diện tích lúa được gặt"),
]


def words(after: str) -> Words:
    return Words("share", [], after.split(), [], 0)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of six invented examples, in its file."""
    path = tmp_path_factory.mktemp("learned") / LEARNED
    path.write_bytes(packed(fitted([(words(text), label) for label, text in SAID * 3])))
    return path


def test_it_says_what_it_learned_and_why(learned: Path) -> None:
    second = SecondOpinion.load(learned)
    known = second.judge(words("tiểu thương dán mã vuông"))
    assert known.metric_id == "qr_payment_coverage"
    assert known.probability > 0.5
    assert "mã vuông" in known.because
    assert second.judge(words("diện tích lúa")).metric_id is None
    assert second.wants("share", None)
    assert not second.wants("rank", None)


def test_it_speaks_where_the_rules_are_silent_and_shows_what_it_rests_on(catalogue: Catalogue, learned: Path) -> None:
    document = Document("d", "Xã có 85% quán xá treo mã vuông.", published=date(2024, 6, 1))
    assert [o.metric_id for o in Reader(replace(catalogue, learned=None)).read(document)] == [None]

    reader = Reader(catalogue, Sure(SecondOpinion.load(learned)))
    [fact] = reader.read(document)
    assert (fact.metric_id, fact.rule_id) == ("qr_payment_coverage", "link.share.learned")
    assert fact.confidence >= ENOUGH
    [explained] = explain(reader, document)
    assert "mã vuông" in str(explained.observations[0].reason)


class Sure(SecondOpinion):
    """The same opinions, as sure as those of a large model."""

    def __init__(self, second: SecondOpinion) -> None:
        super().__init__(second._of_shape)

    def judge(self, words: Words) -> object:  # type: ignore[override]
        return super().judge(words)._replace(probability=0.97)


def test_a_firm_rule_is_not_asked_about(catalogue: Catalogue) -> None:
    class Never(SecondOpinion):
        def judge(self, words: Words) -> object:  # type: ignore[override]
            raise AssertionError(words)

    document = Document("d", "Trên 85% cửa hàng của xã có mã QR thanh toán.")
    [fact] = Reader(catalogue, Never({})).read(document)
    assert fact.metric_id == "qr_payment_coverage"


def test_training_sees_what_reading_sees_and_gives_the_same_bytes_again(catalogue: Catalogue) -> None:
    text = "Xã có 85% cửa hàng dán mã QR, 12 tổ công nghệ số cộng đồng và 60% hộ có cáp quang; 70% học sinh đi xe đạp."
    metric_at = {text.index("85%"): "qr_payment_coverage", text.index("60%"): "fibre_household_share"}
    annotated = [(Document("d", text), metric_at)]
    recorder = Recorder()
    found = [list(examples(Reader(catalogue, recorder), recorder, annotated)) for _ in range(2)]
    assert found[0] == found[1]
    assert {words.shape for words, _ in found[0]} == {"share"}
    assert packed(fitted(found[0] * 2)) == packed(fitted(found[1] * 2))


def test_names_and_digits_say_nothing() -> None:
    def seen(text: str, name: str) -> dict[str, float]:
        at, number = text.index(name), text.index("80")
        around = words_around(view(text), "share", Span(0, len(text)), Span(number, number + 3), 0, [Span(at, at + len(name))])
        return features(around)

    assert seen("Xã Tân Ân có 80% của 12 ấp", "Tân Ân") == seen("Xã Phú Lộc có 80% của 35 ấp", "Phú Lộc")


def test_the_catalogue_knows_every_metric_of_its_model(catalogue: Catalogue) -> None:
    assert catalogue.learned
    second = SecondOpinion.load(catalogue.learned)
    assert set(second.metrics) <= set(catalogue.metrics)
    assert len(second.metrics) > 40
    assert catalogue.learned.stat().st_size < 5e6


@pytest.mark.parametrize("content", [b"", b"no gzip", packed({"share": {}})])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LEARNED).write_bytes(content)
    with pytest.raises(CatalogueError, match=r"learned\.json\.gz: no learned model"):
        SecondOpinion.load(tmp_path / LEARNED)
