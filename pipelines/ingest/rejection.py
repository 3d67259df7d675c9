"""Why something that landed can't become a document.

Belongs here: the reasons, each with what the operator can do. They are stored and shown as they stand.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A reason's code; it never changes its meaning."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNKNOWN_ENCODING = "unknown_encoding"
    NO_ARTICLE = "no_article"
    NO_TEXT = "no_text"  # a format that holds text, without any
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"  # truncated, or not what it begins as
    TOO_COMPLEX = "too_complex"  # more pages, pixels, parts or nesting than any real document has
    TOO_SLOW = "too_slow"
    TOO_DEMANDING = "too_demanding"  # of memory
    UNSAFE_NAME = "unsafe_name"  # of a member that would leave its container, or a link
    DUPLICATE_NAME = "duplicate_name"  # a member's, in its container
    NEEDS_TOOL = "needs_tool"  # waits for a program of the system to be installed
    CONVERTER_FAILED = "converter_failed"


class Rejection(Exception):
    """Raised by a converter: ``reason`` for machines, the message for the operator.

    ``lacking`` names what the document waits for: a program (needs_tool, see tools.py), a higher limit.
    """

    def __init__(self, reason: Reason, message: str, lacking: str | None = None) -> None:
        super().__init__(reason, message, lacking)  # all of them, so that it comes whole out of another process
        self.reason = reason
        self.message = message
        self.lacking = lacking

    def __str__(self) -> str:
        return self.message
