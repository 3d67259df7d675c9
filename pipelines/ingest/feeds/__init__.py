"""Feeds and sitemaps of the sources: what they list, and having the pages that are new.

The feeds themselves stand in `warehouse/reference/sources.yaml`; what was asked and had, in the tables ops.feed_*.
"""
