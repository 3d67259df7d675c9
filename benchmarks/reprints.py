"""How well and how fast reprints are found.

Prints:

- what becomes of made reprints and of reports on one form: over annotated texts (tests/gold), alone and four put
  together, the least, 5th percentile and median similarity of words and share of figures after each change a newsroom
  makes, and how many pairs are judged alike; then the same where figures were changed, and for different documents;
- how many documents a second are signed (process time, one core);
- the station on a database that holds many signatures (1,000,000): seconds for 100 new documents, a tenth of them
  reprints, by the clock and of processor time, and bytes a document. Stored signatures are random, as those of unlike
  texts are.

Run it with python benchmarks/reprints.py [--stored 1000000] [--new 100].
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from pipelines.paths import ROOT, Layout
from pipelines.reprints.alike import ALIKE_FIGURES, ALIKE_WORDS, alike, clusters, links, similarity
from pipelines.reprints.signature import BANDS, SIGNATURE_VERSION, sign, signature_row
from pipelines.store.clusters import documents_to_compare, move_to_clusters, pairs_to_judge
from pipelines.store.database import Database
from pipelines.store.statements import EVER

RANDOM = random.Random(2023)
OPENING = "(Cổng TTĐT) - Những tháng qua, nhiều địa phương đã có cách làm riêng để đưa dịch vụ số về gần dân hơn."
MENU = (
    "Trang chủ Thời sự Kinh tế Văn hóa Y tế Bạn đọc\nChia sẻ Zalo In trang Cỡ chữ\n"
    "Tin liên quan: Hội chợ nông sản mở cửa; Xã ra quân dọn vệ sinh đường làng; Lớp xóa mù công nghệ cho người cao tuổi"
)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stored", type=int, default=1_000_000, help="signatures the database holds (1,000,000)")
    parser.add_argument("--new", type=int, default=100, help="documents that come (100)")
    options = parser.parse_args()

    short = [text for text in gold_texts() if len(sign(text).bands) == BANDS]
    long = ["\n".join(short[first : first + 4]) for first in range(0, len(short) - 3, 4)]
    for name, texts in (("texts", short), ("four texts together", long)):
        measure_changes(name, texts)
    measure_signing(long)
    measure_station(long, options.stored, options.new)


def gold_texts() -> list[str]:
    files = sorted((ROOT / "tests" / "gold").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def another_headline(text: str) -> str:
    return "Tín hiệu vui từ cơ sở\n" + text.partition("\n")[2]


def without_the_end(text: str) -> str:
    return " ".join(SENTENCE.split(text)[: -max(1, len(SENTENCE.split(text)) // 8)])


def two_thirds(text: str) -> str:
    sentences = SENTENCE.split(text)
    return " ".join(sentences[: 2 * len(sentences) // 3])


def own_date_and_byline(text: str) -> str:
    return f"Thứ Năm, 09/05/2024, 07:42\n{text}\nTin, ảnh: Lâm Thị Mỹ Duyên"


def local_opening(text: str) -> str:
    head, _, body = text.partition("\n")
    return f"{head}\n{OPENING}\n{body}"


def in_the_menu_of_a_site(text: str) -> str:
    return f"{MENU}\n{text}"


def one_word_in_fifty(text: str) -> str:
    words = text.split(" ")
    for at in RANDOM.sample([at for at, word in enumerate(words) if word.isalpha()], max(1, len(words) // 50)):
        words[at] = "vẫn"
    return " ".join(words)


def all_at_once(text: str) -> str:
    return own_date_and_byline(another_headline(without_the_end(local_opening(text))))


def other_figures(share: float) -> Callable[[str], str]:
    """The next report on the same form: ``share`` of its numbers are others, the years stay."""

    def changed(number: re.Match[str]) -> str:
        if re.fullmatch(r"20\d\d", number[0]) or RANDOM.random() >= share:
            return number[0]
        return re.sub(r"\d", lambda _: str(RANDOM.randrange(10)), number[0])

    return lambda text: NUMBER.sub(changed, text)


CHANGES: dict[str, Callable[[str], str]] = {
    "another headline": another_headline,
    "the last eighth dropped": without_the_end,
    "own date and byline": own_date_and_byline,
    "a local opening": local_opening,
    "in the menu of a site": in_the_menu_of_a_site,
    "one word in fifty": one_word_in_fifty,
    "all at once": all_at_once,
    "the last third dropped": two_thirds,
    "FORM, all figures others": other_figures(1),
    "FORM, half of them": other_figures(0.5),
    "FORM, a quarter": other_figures(0.25),
    "FORM, a tenth": other_figures(0.1),
}


def measure_changes(name: str, texts: list[str]) -> None:
    """Print what each change leaves alike; a change that leaves nothing but a short text is left out."""
    print(f"{name}: {len(texts)}; alike are words from {ALIKE_WORDS} and figures from {ALIKE_FIGURES}")
    print(f"  {'':26}words: least    5 %  median   figures: least    5 %  median   judged alike")
    for label, change in CHANGES.items():
        print(f"  {label:26}{row(pairs_of([(text, change(text)) for text in texts]))}")
    print(f"  {'different documents':26}{row(pairs_of(list(combinations(texts, 2))))}")


def pairs_of(texts: list[tuple[str, str]]) -> pl.DataFrame:
    signatures = {text: sign(text) for text in {text for pair in texts for text in pair}}
    whole = [(signatures[one], signatures[other]) for one, other in texts]
    return pl.DataFrame(
        [(a.bands, a.figures, b.bands, b.figures) for a, b in whole if len(a.bands) == len(b.bands) == BANDS],
        schema=["bands", "figures", "other_bands", "other_figures"],
        orient="row",
    )


def row(pairs: pl.DataFrame) -> str:
    words = similarity(pairs)
    fewer = pl.min_horizontal(pl.col("figures").list.len(), pl.col("other_figures").list.len())
    shared = pl.col("figures").list.set_intersection("other_figures").list.len()
    figures = pairs.select(pl.when(fewer > 0).then(shared / fewer).otherwise(1.0)).to_series().to_numpy()
    numbers = [value for of in (words, figures) for value in (of.min(), np.percentile(of, 5), np.median(of))]
    return "{:13.2f}{:7.2f}{:8.2f}{:17.2f}{:7.2f}{:8.2f}".format(*numbers) + f"{alike(pairs).sum():9} of {pairs.height}"


def measure_signing(texts: list[str]) -> None:
    """Print how many documents a second are signed, the median of several rounds."""
    taken = []
    for _ in range(7):
        begun = time.process_time()
        for text in texts:
            sign(text)
        taken.append(time.process_time() - begun)
    size = sum(len(text.encode()) for text in texts)
    seconds = statistics.median(taken)
    print(
        f"signing: {len(texts) / seconds:,.0f} documents/s, {size / seconds / 1e6:.2f} MB/s, {size // len(texts):,} bytes each"
    )


def measure_station(texts: list[str], stored: int, new: int) -> None:
    """Print what ``new`` documents cost beside ``stored`` ones."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.create()
        with Database(layout) as database:
            before = size_of(database, layout)
            fill(database.connection, stored)
            print(f"stored: {stored:,} signatures, {(size_of(database, layout) - before) / stored:,.0f} bytes each")
            come(database, "old", texts)  # the last tenth of what comes now is printed again
            for name in ("first", "second"):
                documents = [without_the_end(f"{name} {n} {texts[n % len(texts)]}") for n in range(new // 10)]
                documents += [" ".join(shuffled(texts[n % len(texts)])) for n in range(new - len(documents))]
                print(f"{name} {new} new documents: " + come(database, name, documents))


def shuffled(text: str) -> list[str]:
    words = text.split()
    return RANDOM.sample(words, len(words))


def fill(connection: duckdb.DuckDBPyConnection, stored: int) -> None:
    """Signatures of unlike texts and their documents, of little text: the station reads the texts of new ones only."""
    connection.execute(
        "insert into core.document_version by name"
        " select sha256(i::varchar) as document_id, '1' as converter_version, 'text/plain' as media_type,"
        " 'unknown' as source_id, 'none' as published_basis, 'x' as text, now() as recorded_at, 'run' as run_id"
        " from range($1) as t(i)",
        [stored],
    )
    connection.execute("checkpoint")
    connection.execute(
        "insert into core.document_signature"
        " select document_id, $1, list_transform(range($2), lambda k: (hash(document_id, k) & 4294967295)::uinteger),"
        " list_transform(range(20), lambda k: (hash(document_id, k) % 5000)::uinteger), now(), 'run'"
        " from core.document_version",
        [SIGNATURE_VERSION, BANDS],
    )


def size_of(database: Database, layout: Layout) -> int:
    database.connection.execute("checkpoint")
    return layout.database.stat().st_size


def come(database: Database, name: str, texts: list[str]) -> str:
    """Convert, sign and compare documents as the station does; returns what that took."""
    stamp = {"recorded_at": datetime.now(UTC), "run_id": "run"}
    documents = {f"{name}-{number}": text for number, text in enumerate(texts)}
    blank = {"converter_version": "1", "media_type": "text/plain", "source_id": "unknown", "published_basis": "none"}
    database.insert("core.document_version", [{**blank, **stamp, "document_id": k, "text": t} for k, t in documents.items()])
    clock = time.perf_counter()
    begun = time.process_time()
    waiting = database.rows("line/documents_to_sign", since=EVER, signature_version=SIGNATURE_VERSION)
    found = time.process_time()
    rows = [signature_row(row["document_id"], row["text"]) | stamp for row in waiting]
    signed = time.process_time()
    with database.transaction():
        database.insert("core.document_signature", rows)
        compared = documents_to_compare(database, documents)
        moved = move_to_clusters(
            database, clusters(compared, links(pairs_to_judge(database, compared, SIGNATURE_VERSION))), "run"
        )
    ended = time.process_time()
    return (
        f"{time.perf_counter() - clock:.1f} s by the clock, {ended - begun:.1f} s of processor time (which are new "
        f"{found - begun:.2f}, signing {signed - found:.2f}, comparing {ended - signed:.2f}), {moved} came to a cluster"
    )


if __name__ == "__main__":
    main()
