"""What joins the lines of one medicine, and what people call it. Pure.

By its whole ATC code, else by a substance of our list that its name holds, else by its words. In doubt two medicines:
a name in which a second substance stands, or may stand, is joined with nothing but its like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from carnet.formats.clinical import keys
from carnet.formats.clinical.values import Concept
from carnet.formats.folding.fold import fold
from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import ATC

__all__ = ["joined"]

_WHOLE: Final = 7
_LETTERS: Final = re.compile(r"[^\W\d_]+")
# « B12 », « D3 », « MIX25 » are names; « 500 », « 5MG », « CPR3/21 » are amounts and boxes.
_NAMED: Final = re.compile(r"[^\W\d_]+\d+[^\W\d_]*")
_AMOUNT: Final = re.compile(r"\d[\d.,]*\s*(?:[^\W\d_]+|%)?(?:\s*/\s*(?:\d[\d.,]*\s*)?[^\W\d_]+)?")
# « 50 mg/12,5 mg » and « 20/10 » are two strengths; « 100 mg/5 ml » and « 25 microgrammes/24 heures » are one.
_NUMBER: Final = r"(?<![\w.,])\d[\d.,]*\s*(?:mg|g|microgrammes?|microg|mcg|µg|ug|ui)?"
_TWO_STRENGTHS: Final = re.compile(rf"{_NUMBER}\s*[/+]\s*{_NUMBER}(?![\d.,])(?!\s*(?:ml|l|h|heures?|jours?|doses?)\b)")
_TWO_NAMES: Final = re.compile(r"[^\W\d_]{3,}\s*[/+&]\s*[^\W\d_]{3,}|[^\W\d_]{3,} et [^\W\d_]{3,}")
# By which a name tells of a second substance that our list has not.
_WITH: Final = frozenset(
    {"co", "bi", "duo", "comp", "compositum", "plus", "associe", "association", "hct", "hctz", "codeine", "cafeine"}
    | {"opium", "clavulanique", "ascorbique", "pseudoephedrine", "vildagliptine", "trimethoprime", "benserazide"}
    | {"carbidopa", "entacapone", "altizide", "triamterene", "naloxone", "chlortalidone", "salmeterol", "olmesartan"}
)


def joined(product: Concept) -> tuple[str, str]:
    """The key of what joins it with others, and its name."""
    code = product.code_of(ATC)
    if len(code) == _WHOLE:
        known = _by_code().get(code)
        shown = next((each.display for each in product.codings if each.system == ATC and each.display), "")
        return f"atc:{code}", known.label if known else _capital(_short(product.text) or shown or product.label)
    held = choices.substance_in(product.label)
    if held and _alone(product.label, held.label):
        return f"atc:{held.code}", held.label
    short = _short(product.label)
    return f"words:{keys.words(short)}", _capital(short)


@cache
def _by_code() -> Mapping[str, choices.Choice]:
    """The substances of the short list: of a code, the first."""
    return {each.code: each for each in reversed(choices.find(choices.Of.SUBSTANCE))}


def _alone(label: str, substance: str) -> bool:
    """Whether no other substance stands beside it, as far as the name tells."""
    text, own = fold(label), fold(substance)
    beside = [word for word in _LETTERS.findall(text) if word not in _LETTERS.findall(own)]
    if not _WITH.isdisjoint(beside) or choices.substance_in(" ".join(beside)) is not None:
        return False
    if " et " in own:
        return True
    named = _AMOUNT.sub(" ", text.replace(own, "substance").partition(",")[0])
    return not (_TWO_STRENGTHS.search(text) or _TWO_NAMES.search(" ".join(named.split())))


def _short(label: str) -> str:
    words: list[str] = []
    for word in label.replace(",", " , ").split():
        if word == "," or (any(char.isdigit() for char in word) and not _NAMED.fullmatch(word)):
            break
        words.append(word)
    return " ".join(words) or label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
