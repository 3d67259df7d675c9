"""Suites and their results. Great Expectations is imported only where a suite is run: it takes seconds."""
