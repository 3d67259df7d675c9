"""The error that people see: its message says what was wrong, where, and what to do."""

from __future__ import annotations


class UserError(Exception):
    """Shown as one line by the `kpi` command, without a traceback."""


class WriterBusy(UserError):
    """Another run writes to this warehouse."""
