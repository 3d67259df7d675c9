"""Containers: files that hold documents. An archive or a mail is no document itself; its members are.

Nothing is unpacked by its name: members go into the raw store by their bytes, and their names are words to show.
"""
