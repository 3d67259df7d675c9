"""Reprints: which documents are the same article or report, printed again with small changes.

A figure that five newspapers take over from one another is one statement with five citations.
"""
