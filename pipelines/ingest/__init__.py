"""Bytes in, documents out: landing, the raw store, and one converter per format.

The network is touched here alone, and only before the bytes lie in the raw store.
"""
