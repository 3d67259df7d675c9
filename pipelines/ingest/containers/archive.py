"""ZIP archives.

Belongs here: recognising one, its members, what is refused of them. Documents that are ZIP files inside (OOXML, ODF, EPUB,
JAR) are no archives.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pipelines.ingest.containers.member import BY_HAND, Budget, Member, member_name, members_within
from pipelines.ingest.legacy import decoded
from pipelines.ingest.rejection import Reason, Rejection

_BEGIN = (b"PK\x03\x04", b"PK\x05\x06")
_IN_DOCUMENTS = {"[Content_Types].xml", "META-INF/MANIFEST.MF"}
_FIRST_IN_DOCUMENTS = ("[Content_Types].xml", "mimetype", "META-INF/", "_rels/", "docProps/", "word/", "xl/", "ppt/")
_NAME_AT = 30  # in the header of the first member
_DIRECTORY_BYTES = 10_000_000  # tens of thousands of members
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ENCRYPTED, _UTF8 = 0x1, 0x800
_CHUNK = 1 << 20
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)  # what zipfile raises of a broken archive


class _File(io.FileIO):
    """zipfile reads the whole directory at once before it says how long that is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_BYTES:
            raise Rejection(Reason.TOO_COMPLEX, f"more members than any real archive has; {BY_HAND}")
        return super().read(-1 if size is None else size) or b""


def recognises(head: bytes, path: Path) -> bool:
    """Whether a file that begins with ``head`` is an archive, and not a document in the form of one."""
    if not head.startswith(_BEGIN):
        return False
    try:
        with zipfile.ZipFile(_File(path)) as archive:
            names = archive.namelist()
    except (*_UNREADABLE, Rejection):  # what is damaged is told by its first member; members() says what of an archive is
        length = int.from_bytes(head[26:28], "little")
        first = head[_NAME_AT : _NAME_AT + length].decode("utf-8", "replace")
        return not first.startswith(_FIRST_IN_DOCUMENTS)
    return names[:1] != ["mimetype"] and _IN_DOCUMENTS.isdisjoint(names)


def members(path: Path, budget: Budget) -> Iterator[Member]:
    """The members of an archive, folders and hidden files left out. Raises ``Rejection`` where it can't be opened."""
    try:
        archive = zipfile.ZipFile(_File(path))
    except _UNREADABLE as error:
        raise Rejection(Reason.DAMAGED, f"the archive is damaged or cut off ({error}); send it again") from error
    with archive:
        named = ((_name(info), info) for info in archive.infolist() if not info.is_dir())
        offered = ((name, partial(_content, archive, info, budget)) for name, info in named if not _is_hidden(name))
        yield from members_within(offered, budget, "a member of this name came before; rename one and add it by hand")


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in parts)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """The bytes of a member, or a few more than the budget has left. Raises ``Rejection``."""
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Rejection(Reason.UNSAFE_NAME, "a symbolic link, which is not followed; add what it leads to by hand")
    if info.flag_bits & _ENCRYPTED:
        raise Rejection(Reason.ENCRYPTED, f"needs a password; {BY_HAND}")
    if info.compress_type not in _METHODS:
        message = f"compressed by method {info.compress_type}, which is not read; pack it anew as plain ZIP"
        raise Rejection(Reason.UNSUPPORTED_TYPE, message)
    limits = budget.limits
    content = bytearray()
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                content += chunk
                if len(content) > min(limits.member_bytes, budget.bytes_left):
                    break  # whatever its header says
                if len(content) > max(limits.ratio_from, limits.ratio * info.compress_size):
                    message = f"unpacks to more than {limits.ratio} times its size; look who made it, then unpack it by hand"
                    raise Rejection(Reason.TOO_COMPLEX, message)
    except (*_UNREADABLE, zlib.error, EOFError, RuntimeError) as error:
        raise Rejection(Reason.DAMAGED, f"damaged in the archive ({error}); send it again") from error
    return bytes(content)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that is not marked as UTF-8 was written in whatever its maker's machine had."""
    if info.flag_bits & _UTF8:
        return member_name(info.filename)
    raw = info.filename.encode("cp437", "replace")
    try:
        return member_name(raw.decode("utf-8"))
    except UnicodeDecodeError:
        found = decoded(raw)
        return member_name(found[0] if found else info.filename)
