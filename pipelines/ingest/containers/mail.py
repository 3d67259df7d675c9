"""Mails (.eml): the body is one member, named by the subject, and every attachment another.

Belongs here: recognising one, its members. Pictures inside the body are left out.

When a mail was sent is not when the report attached to it was published, so no member is given the mail's date as its own.
A plain body begins as a saved article does, with subject, sender and time: it is a text of that day, and is read as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.headerregistry import DateHeader
from email.message import EmailMessage, Message
from email.policy import default
from functools import partial
from pathlib import Path

from pipelines.ingest.containers.member import Budget, Member, member_name, members_within
from pipelines.ingest.rejection import Reason, Rejection

_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?")
_NEEDED = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
_OF_MAILS = re.compile(rb"^(?:message-id|mime-version|received):", re.IGNORECASE | re.MULTILINE)
_NOT_IN_NAMES = re.compile(r"[/\\:*?\"<>|!\s]+")
_LONGEST_NAME = 100
_DEEPEST = 20
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def recognises(head: bytes, _: Path) -> bool:
    """Whether a file that begins with ``head`` is a mail: headers down to an empty line, some that only mails have."""
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_HEADER.match(headers) and _NEEDED.search(headers) and _OF_MAILS.search(headers))


def members(path: Path, budget: Budget) -> Iterator[Member]:
    """The body of a mail, plain where it has that, and its attachments. Raises ``Rejection`` where it can't be opened."""
    size = path.stat().st_size
    if size > budget.limits.member_bytes:
        raise Rejection(Reason.TOO_LARGE, f"a mail of {size / 1e6:.1f} MB; save its attachments and add those")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    if mail.get_content_type() in _ENCRYPTED:
        raise Rejection(Reason.ENCRYPTED, "the mail is encrypted; save what it holds from your mail program and add that")
    subject = _said(mail, "subject") or "thư không tiêu đề"
    yield from members_within(
        _offered(mail, subject), budget, "an attachment of this name came before; save it and add it by hand"
    )


def _offered(mail: EmailMessage, subject: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The body and the attachments by their names, and how to have the bytes of each."""
    body = _chosen_body(mail)
    taken = (part for part in _parts(mail) if part is body or _is_attachment(part, body))
    for number, part in enumerate(taken):
        if part is body:
            yield f"{_file_name(subject)}.{_ending(part)}", partial(_body, mail, part, subject)
        else:
            yield _attached_name(part, number), partial(_attached, part)


def _chosen_body(mail: EmailMessage) -> Message | None:
    """The part that is the mail's text: the plain one, unless that is blank."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    if html is not None and (plain is None or not str(plain.get_payload()).strip()):
        return html
    if plain is None and not mail.is_multipart() and mail.get_content_maintype() == "multipart":
        return mail  # parts without what parts them
    return plain


def _parts(part: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that are not made of others; a mail inside a mail is one."""
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        yield part
        return
    if depth == _DEEPEST:
        raise Rejection(Reason.TOO_COMPLEX, f"nested more than {_DEEPEST} deep; save its attachments and add those")
    for inner in part.get_payload():
        if isinstance(inner, Message):
            yield from _parts(inner, depth + 1)


def _is_attachment(part: Message, body: Message | None) -> bool:
    """Whether a part that is not the body is more than another form of it, or a picture in it."""
    if part.get_content_maintype() == "message" or part.get_content_disposition() == "attachment":
        return True
    if part.get_content_maintype() in ("image", "audio", "video") and part["content-id"] is not None:
        return False
    if body is not None and part.get_content_maintype() == "text" and part.get_filename() is None:
        return False
    return part.get_content_maintype() != "multipart"


def _body(mail: Message, part: Message, subject: str) -> bytes:
    text = _text(part)
    if part.get_content_subtype() == "html":
        return text.encode()
    sent = mail["date"]
    moment = sent.datetime if isinstance(sent, DateHeader) else None
    byline = " | ".join(filter(None, (_said(mail, "from"), f"{moment:%d/%m/%Y, %H:%M}" if moment else None)))
    return f"{subject}\n\n{byline}\n\n{text}".encode()


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, ValueError):
        try:
            return content.decode("utf-8")  # the charset is unknown, or a lie
        except UnicodeDecodeError as error:
            message = "its charset is unknown; save the text as UTF-8 and add that"
            raise Rejection(Reason.UNKNOWN_ENCODING, message) from error


def _attached(part: Message) -> bytes:
    if part.get_content_maintype() == "message" and part.is_multipart():
        return part.get_payload()[0].as_bytes()  # type: ignore[union-attr, index]
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attached_name(part: Message, number: int) -> str:
    name = part.get_filename()
    if not name and part.get_content_maintype() == "message" and part.is_multipart():
        return f"{_file_name(_said(part.get_payload()[0], 'subject') or f'thư {number}')}.eml"  # type: ignore[index, arg-type]
    return member_name(name or f"tệp đính kèm {number}.{part.get_content_subtype()}")


def _ending(part: Message) -> str:
    return "html" if part.get_content_subtype() == "html" else "txt"


def _file_name(subject: str) -> str:
    return _NOT_IN_NAMES.sub(" ", subject).strip()[:_LONGEST_NAME].strip() or "thư"


def _said(mail: Message, header: str) -> str | None:
    """A header, decoded; None where it is missing or beyond reading."""
    try:
        said = str(mail[header] or "")
    except Exception:  # the standard library's parser of headers raises what it likes on broken ones
        return None
    return member_name(" ".join(said.split())) or None
