"""How fast documents are read, and whether reading many of them keeps memory.

Measures, per core (process time, median of several rounds), over the samples of warehouse/samples, which are dense with
figures, and over an article of few figures (benchmarks/phong-su-ben-do.txt), each repeated as separate documents up to
a megabyte or more:

- the reader: catalogue compiled beforehand, each document read from its text to its observations;
- one plain regular expression for numbers over the same texts: a floor for anything that finds numbers in Python.

With --peers, also what general-purpose libraries take for the same texts, a small part of the work each: underthesea's
word_tokenize and ner, dateparser's search_dates. They are no dependencies: pip install underthesea dateparser first.

With --jsonl FILE, the documents of an annotated or other JSONL file in place of both.

With --memory, also how much the process grows (resident set) while it reads 100,000 short documents as a stream,
after the first thousand have filled what is cached.

Run it with `make bench`, or python benchmarks/read.py [--rounds 7] [--megabytes 1.5] [--jsonl FILE] [--peers] [--memory].
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.cli.extract import documents_from_jsonl
from pipelines.extract.reader import Reader
from pipelines.ingest.convert import convert_file
from pipelines.ingest.rejection import Rejection
from pipelines.model import Document
from pipelines.paths import ROOT
from pipelines.reference.catalogue import load_catalogue
from pipelines.settings import read_settings

SAMPLES = ROOT / "warehouse" / "samples"
ARTICLE = Path(__file__).with_name("phong-su-ben-do.txt")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*\s*%?")
STREAM, WARM_UP = 100_000, 1_000
SHORT = 400  # characters of a short document


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds per measurement; the median is printed (7)")
    parser.add_argument("--megabytes", type=float, default=1.5, help="size of the text to read (1.5)")
    parser.add_argument("--memory", action="store_true", help=f"also read {STREAM:,} short documents; takes a minute or two")
    parser.add_argument("--jsonl", type=Path, help="read the documents of this file instead")
    parser.add_argument("--peers", action="store_true", help="also time underthesea and dateparser, where installed")
    options = parser.parse_args()

    reader = Reader(load_catalogue(read_settings().reference))
    if options.jsonl:
        measure(options.jsonl.name, reader, [document for _, document in documents_from_jsonl(options.jsonl)], options)
    else:
        measure("samples", reader, list(documents(SAMPLES.iterdir())), options)
        measure("article", reader, list(documents([ARTICLE])), options)
    if options.memory:
        print(f"memory: {growth(reader, list(documents(SAMPLES.iterdir()))) / 1e6:+.1f} MB over {STREAM:,} short documents")


def measure(name: str, reader: Reader, articles: list[Document], options: argparse.Namespace) -> None:
    """Print how fast the ``articles`` are read, and by what else."""
    once = sum(size(article) for article in articles)
    corpus = articles * max(1, round(options.megabytes * 1e6 / once))
    total = sum(size(document) for document in corpus)
    observations = sum(len(reader.read(article)) for article in articles)
    print(f"{name}: {total / 1e6:.2f} MB in {len(corpus)} documents, an observation every {once / observations:.0f} bytes")

    def read_all() -> None:
        for _ in reader.read_all(corpus):
            pass

    def find_numbers() -> None:
        for document in corpus:
            NUMBER.findall(document.text)

    print(f"  reader                     {total / 1e6 / seconds(read_all, options.rounds):7.3f} MB/s per core")
    print(f"  one regular expression     {total / 1e6 / seconds(find_numbers, options.rounds):7.3f} MB/s per core")
    for peer, work in peers(articles) if options.peers else ():
        print(f"  {peer:26} {once / 1e6 / seconds(work, 1):7.3f} MB/s per core")


def peers(articles: list[Document]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What general-purpose libraries do with the texts, by name; those that are not installed say so and are left out."""

    def over_all(work: Callable[[str], object]) -> Callable[[], None]:
        def run() -> None:
            for article in articles:
                work(article.text)

        return run

    try:
        from underthesea import ner, word_tokenize

        yield "underthesea.word_tokenize", over_all(word_tokenize)
        yield "underthesea.ner", over_all(ner)
    except ImportError:
        print("underthesea is not installed: pip install underthesea", file=sys.stderr)
    try:
        from dateparser.search import search_dates

        yield "dateparser.search_dates", over_all(lambda text: search_dates(text, languages=["vi"]))
    except ImportError:
        print("dateparser is not installed: pip install dateparser", file=sys.stderr)


def documents(files: Iterable[Path]) -> Iterator[Document]:
    """The files as documents; a sample that is there to be refused is left out."""
    for file in sorted(files):
        try:
            found = convert_file(file, 10**7, date(2026, 1, 1))
        except Rejection:
            continue
        yield Document(file.name, found.text, found.title, found.published, found.publisher, found.url)


def size(document: Document) -> int:
    return len(document.text.encode())


def seconds(work: Callable[[], None], rounds: int) -> float:
    """The median process time of ``work``, after a round that isn't counted."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def growth(reader: Reader, articles: list[Document]) -> int:
    """The bytes that the resident set grows by over the stream, each document of which is a text of its own."""
    begun = 0
    for number in range(STREAM):
        article = articles[number % len(articles)]
        start = number % max(1, len(article.text) - SHORT)
        reader.read(replace(article, doc_id=str(number), text=article.text[start : start + SHORT].strip()))
        if number == WARM_UP:
            begun = resident()
    return resident() - begun


def resident() -> int:
    """Bytes in memory now, on Linux; elsewhere the most there have been so far."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
