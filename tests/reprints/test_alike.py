"""Which texts are prints of one article, and the clusters that makes."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reprints.alike import alike, clusters, links, similarity
from pipelines.reprints.signature import BANDS, FEWEST_SHINGLES, SHINGLE, sign
from tests.reprints.articles import ARTICLE, OTHER, PRINTS, REPORTS, SHORT


def pairs(*texts: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "document_id": f"a{number}",
                "other_id": f"b{number}",
                "bands": one.bands,
                "figures": one.figures,
                "other_bands": other.bands,
                "other_figures": other.figures,
            }
            for number, (one, other) in enumerate((sign(one), sign(other)) for one, other in texts)
        ]
    )


def are_alike(one: str, other: str) -> bool:
    [found] = alike(pairs((one, other)))
    assert alike(pairs((other, one))).to_list() == [found], "whichever comes first"
    return bool(found)


@pytest.mark.parametrize("change", PRINTS)
def test_a_reprint_is_the_same_article(change: str) -> None:
    assert are_alike(ARTICLE, PRINTS[change])
    assert set(sign(ARTICLE).bands) & set(sign(PRINTS[change]).bands), "the search finds the pair"


def test_two_prints_of_one_article_are_alike_themselves() -> None:
    found = alike(pairs(*combinations(PRINTS.values(), 2)))
    assert found.sum() >= 13, "of 15: two that were both changed much may need the article between them"


def test_the_next_report_on_the_same_form_is_another() -> None:
    forms = pairs(*combinations(REPORTS, 2))
    assert similarity(forms).min() > 0.75, "the words alone would make them one"
    assert not alike(forms).any()


def test_a_print_with_a_figure_put_right_is_the_same_article_and_with_two_others_is_not() -> None:
    corrected = REPORTS[0].replace("61,4", "64,1")
    assert are_alike(REPORTS[0], corrected)
    assert not are_alike(REPORTS[0], corrected.replace("127 hộ", "172 hộ"))


def test_different_articles_are_not_alike() -> None:
    assert not alike(pairs((ARTICLE, OTHER), (ARTICLE, REPORTS[0]), (OTHER, REPORTS[0]))).any()


def test_of_short_texts_only_the_same_words_are_alike() -> None:
    assert are_alike(SHORT, SHORT.upper() + "\n")
    assert not are_alike(SHORT, SHORT.replace("cộng đồng", "của ấp"))
    assert not are_alike(SHORT, ARTICLE)
    assert not are_alike(SHORT, f"{SHORT} {ARTICLE}")


def test_how_long_a_text_must_be_to_be_compared_in_part() -> None:
    words = [f"từ{number}" for number in range(FEWEST_SHINGLES + SHINGLE - 1)]
    assert len(sign(" ".join(words)).bands) == BANDS
    assert len(sign(" ".join(words[1:])).bands) == 1
    assert sign(" … – ").bands == []


def test_a_newspapers_own_dates_hours_and_telephones_are_no_figures() -> None:
    def figures(text: str) -> int:
        return len(sign(text).figures)

    assert figures("Thứ Hai, 06/05/2024, 07:51. Đường dây nóng 0912.345.678") == 0
    assert figures("tính đến ngày 06/05/2024") == 1
    assert figures("85,5% của 12.870 hộ; 57/75 ấp; 85,5% nữa") == 3


def test_a_signature_is_the_same_on_every_machine() -> None:
    signature = sign(ARTICLE)
    assert signature == sign(unicodedata.normalize("NFD", ARTICLE))
    assert (signature.bands[:3], signature.figures[:3]) == (
        [3943154195, 724624759, 1451923761],
        [320356712, 595229345, 1539258877],
    )


def test_links_name_the_alike_once() -> None:
    frame = pairs((ARTICLE, PRINTS["another headline"]), (ARTICLE, OTHER))
    assert list(links([frame.vstack(frame), frame.clear()])) == [("a0", "b0")]


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=20), st.randoms())
def test_clusters_do_not_depend_on_the_order_of_links(numbers, random) -> None:  # type: ignore[no-untyped-def]
    members = [f"{number:02}" for number in range(16)]
    linked = [(members[one], members[other]) for one, other in numbers]
    found = clusters(members, linked)
    turned = [pair[::-1] if random.random() < 0.5 else pair for pair in random.sample(linked, len(linked))]
    assert clusters(random.sample(members, 16), turned) == found
    for member, first in found.items():
        assert first <= member
        assert found[first] == first
    assert all(found[one] == found[other] for one, other in linked)
    assert len(set(found.values())) >= 16 - len({frozenset(pair) for pair in linked if pair[0] != pair[1]})
