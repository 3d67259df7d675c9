"""An entry of a file that people write: what holds of all of them.

Belongs here: the one base. Does not: the shape of any entry (catalogue.py, forms.py, targets.py, corrections.py).
"""

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A field that is not known is an error, blanks around words are none of theirs, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
