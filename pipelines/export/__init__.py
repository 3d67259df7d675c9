"""What leaves the warehouse: rows of a published mart as files that other programs read.

One module a format, each with one function: ``write(export, path)``.
"""
