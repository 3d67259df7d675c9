"""Word documents of today (DOCX, DOCM): paragraphs, lists, tables, text boxes and notes, in order.

Belongs here: telling the format by what is inside its ZIP, its limits, its text.
Does not: headers and footers, deleted and hidden text, tables of contents, macros, pictures; the older format (doc.py).
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.formats import ole
from pipelines.ingest.formats.heading import heading
from pipelines.ingest.formats.layout import row_text
from pipelines.ingest.legacy import mended
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from docx.opc.part import Part
    from docx.package import Package

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_PARTS = 5000
MAX_UNPACKED = 200_000_000
MAX_XML = 50_000_000  # of one part that is parsed
MAX_RATIO = 200  # of a part above a megabyte, to its packed size; prose packs to a tenth, repetitive tables to a fiftieth
MAX_DEPTH = 20  # of tables in tables
_HEAD = 1 << 20
_NO_TITLE = "Word Document"  # python-docx's, where a document has no properties
_STREAMED = 0x0008
_LOCAL = b"PK\x03\x04"
_WORD_PART = re.compile(rb"word/[^/]+\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE, _ROW, _CELL, _BOX = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_SIGNS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LEFT_OUT = {_BOX, _CHOICE_FALLBACK, f"{_W}del", f"{_W}moveFrom"}
_CONTENTS = re.compile(r"toc \d|table of figures", re.IGNORECASE)


def recognises(content: bytes) -> bool:
    """Whether the bytes are a ZIP with Word's parts near its beginning, or an encrypted document of Office."""
    if content.startswith(ole.BEGIN):
        return ole.ENCRYPTED in content
    return any(_WORD_PART.fullmatch(name) for name in _names(content[:_HEAD]))


def convert(content: bytes) -> Converted:
    """The text, a paragraph or a table's row a line, notes at the end; title, author and date of its first lines, or else
    of its properties.

    Raises ``Rejection`` (encrypted, damaged, too_complex, no_text).
    """
    from docx.package import Package

    if content.startswith(ole.BEGIN):
        raise Rejection(Reason.ENCRYPTED, "the document asks for a password; save it without and add it again")
    try:
        _check_sizes(content)
        package = Package.open(io.BytesIO(content))
        lines = list(_lines(package))
        said = package.core_properties
        named, author = said.title.replace(_NO_TITLE, "").strip() or None, said.author.strip() or None
        created = said.created.date() if said.created else None
    except (Rejection, MemoryError):
        raise
    except Exception as error:  # python-docx and lxml raise anything on broken parts
        raise Rejection(Reason.DAMAGED, f"not a whole Word document ({error}); open it in Word and save it anew") from error
    written = unicodedata.normalize("NFC", "\n".join(lines))
    text = mended(written) or written  # in a font from before Unicode
    if not any(char.isalnum() for char in text):
        raise Rejection(Reason.NO_TEXT, "the document has no text; if it is pictures, save it as PDF and add that")
    title, dated = heading(text)
    return Converted(
        media_type=MEDIA_TYPE,
        text=text + "\n",
        title=title or named,
        author=author,
        published=dated or created,
        published_basis=DateBasis.TEXT if dated else DateBasis.METADATA if created else DateBasis.NONE,
    )


def _names(head: bytes) -> Iterator[bytes]:
    """The names of a ZIP's members as their local headers have them, as far as ``head`` reaches."""
    at = 0
    while head.startswith(_LOCAL, at) and at + 30 <= len(head):
        flags, packed, named, extra = struct.unpack_from("<H10xI4xHH", head, at + 6)
        start = at + 30
        yield head[start : start + named]
        at = start + named + extra + packed
        if flags & _STREAMED:  # its size stands after it
            at = head.find(_LOCAL, start + named + extra)
            if at < 0:
                return


def _check_sizes(content: bytes) -> None:
    """Raises ``Rejection`` (too_complex) before anything is unpacked that would grow beyond reason."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise Rejection(Reason.TOO_COMPLEX, f"{len(parts)} parts of {unpacked / 1e6:.0f} MB unpacked; take its pictures out")
    for part in parts:
        large = part.filename.endswith((".xml", ".rels")) and part.file_size > MAX_XML
        if large or (part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size):
            raise Rejection(Reason.TOO_COMPLEX, f"{part.filename} unpacks to {part.file_size / 1e6:.0f} MB; split the document")


def _lines(package: Package) -> Iterator[str]:
    from docx.opc.constants import RELATIONSHIP_TYPE

    main = package.main_document_part
    styles = _styles(main)
    body = _root(main).find(f"{_W}body")
    yield from _blocks(body if body is not None else (), styles)
    for kind in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
        for notes in _related(main, kind):
            for note in _root(notes):
                if note.get(f"{_W}type") is None:  # the others draw the line above the notes
                    yield from _blocks(note, styles)


def _root(part: Part) -> Any:
    """A part's XML by python-docx's parser, which resolves no entity."""
    from docx.opc.part import XmlPart
    from docx.oxml.parser import parse_xml

    return part.element if isinstance(part, XmlPart) else parse_xml(part.blob)


def _related(part: Part, kind: str) -> Iterator[Part]:
    return (link.target_part for link in part.rels.values() if link.reltype == kind and not link.is_external)


def _styles(main: Part) -> dict[str, str]:
    """The names of styles by their ids, which are translated where names aren't."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    styles = (style for part in _related(main, RELATIONSHIP_TYPE.STYLES) for style in _root(part).iter(f"{_W}style"))
    names = ((style.get(f"{_W}styleId"), style.find(f"{_W}name")) for style in styles)
    return {key: name.get(f"{_W}val", "") for key, name in names if key and name is not None}


def _blocks(parent: Any, styles: dict[str, str], depth: int = 0) -> Iterator[str]:
    """The lines of what stands in a body, cell, note or box; content controls and insertions are looked through."""
    for element in parent:
        if element.tag == _PARAGRAPH:
            yield from _paragraph(element, styles)
            for box in _boxes(element):
                if depth >= MAX_DEPTH:
                    raise Rejection(Reason.TOO_COMPLEX, "boxes in boxes without end; save the document as PDF")
                yield from _blocks(box, styles, depth + 1)
        elif element.tag == _TABLE:
            if depth >= MAX_DEPTH:
                raise Rejection(Reason.TOO_COMPLEX, "tables in tables without end; save the document as PDF")
            yield from _rows(element, styles, depth + 1)
        elif isinstance(element.tag, str) and element.tag not in _LEFT_OUT:
            yield from _blocks(element, styles, depth)


def _paragraph(paragraph: Any, styles: dict[str, str]) -> Iterator[str]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(style.get(f"{_W}val", ""), "") if style is not None else ""
    if _CONTENTS.match(name):
        return
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or name.lower().startswith("list ")
    bullet = "- " if numbered and not name.lower().startswith("heading") else ""
    lines = [" ".join(line.split()) for line in "".join(_signs(paragraph)).split("\n")]
    for index, line in enumerate(filter(None, lines)):
        yield line if index or line.startswith(("-", "+", "•")) else bullet + line


def _signs(element: Any) -> Iterator[str]:
    """What is written in an element, with insertions and links, without what was deleted or is hidden."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child.tag != f"{_W}pPr" and not _hidden(child):
            yield from _signs(child)


def _hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false")


def _boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a paragraph, the outermost, each in one of the forms in which Word writes it."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _boxes(child)


def _rows(table: Any, styles: dict[str, str], depth: int) -> Iterator[str]:
    """A table's rows: "a | b | c"; columns one after the other where it only lays out."""
    rows = [[cell for cell in row.iter(_CELL) if _owner(cell) is row] for row in table.iter(_ROW) if _owner(row) is table]
    if _lays_out(rows, styles, depth):
        for column in zip_longest(*rows):
            for cell in column:
                yield from _blocks(cell if cell is not None else (), styles, depth)
        return
    for row in rows:
        cells: list[str] = []
        for cell in row:
            cells += [_cell(cell, styles, depth), *[""] * (_number(cell, "gridSpan", 1) - 1)]
        if any(cells):
            yield row_text(cells)


def _lays_out(rows: list[list[Any]], styles: dict[str, str], depth: int) -> bool:
    """Whether a table only sets things beside each other: a frame, a letterhead, "Nơi nhận" beside the signature."""
    columns = max(map(len, rows), default=0)
    if columns != 2 or len(rows) > 2:
        return columns < 2
    return any(len(list(_blocks(cell, styles, depth))) > 1 for row in rows for cell in row)


def _cell(cell: Any, styles: dict[str, str], depth: int) -> str:
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    if merged is not None and merged.get(f"{_W}val") != "restart":
        return ""
    return " ".join(line.replace(" | ", " ") for line in _blocks(cell, styles, depth))


def _number(cell: Any, name: str, default: int) -> int:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    said = found.get(f"{_W}val", "") if found is not None else ""
    return min(int(said), 63) if said.isdecimal() else default  # Word has 63 columns at most


def _owner(element: Any) -> Any:
    """The table that a row is of, the row that a cell is of."""
    wanted = _ROW if element.tag == _CELL else _TABLE
    return next(element.iterancestors(wanted), None)
