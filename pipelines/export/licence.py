"""Under which licence the data leaves; the code's is in the file LICENSE.

Figures as such nobody owns (Vietnam's Law on Intellectual Property, article 15: news as mere information, legal
and administrative documents, data); what can be licensed is their selection and arrangement. The default asks
only that the warehouse be named, and the publishers with it, which every row does. Quotes stay their authors'
and are cited as article 25 allows. Whoever publishes a warehouse may choose another (``KPI_DATA_LICENCE``).
"""

from __future__ import annotations

from typing import NamedTuple


class Licence(NamedTuple):
    """A licence: ``name`` is its id in the Open Definition's list, which Data Packages use."""

    name: str
    title: str
    path: str


LICENCES = {
    licence.name: licence
    for licence in (
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    )
}
QUOTES = "Quotes are their authors', cited with source and address."
