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
    CONVERTER_FAILED = "converter_failed"


class Rejection(Exception):
    """Raised by a converter: ``reason`` for machines, the message for the operator."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
