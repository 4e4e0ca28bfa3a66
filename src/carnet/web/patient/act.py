"""One kind of act, as the trail tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """The sentence about oneself and about somebody else; the titled ones when the document may be named, `named`
    with the name of the professional whom it is about, whoever did it; `you_named` and `other_named` where who did it
    is told too."""

    you: str
    other: str
    icon: str
    you_titled: str = ""
    other_titled: str = ""
    named: str = ""
    you_named: str = ""
    other_named: str = ""
