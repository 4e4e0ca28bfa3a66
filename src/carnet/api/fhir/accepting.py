"""What an answer may be made in: `_format`, or the header Accept with its weights and wildcards (RFC 9110, 12.5.1)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from django.http.request import MediaType

__all__ = ["FHIR_JSON", "JSON", "preferred", "serves_json"]

FHIR_JSON: Final = "application/fhir+json"
JSON: Final = (FHIR_JSON, "application/json")
_SHORT: Final = {"json": FHIR_JSON, "xml": "application/fhir+xml"}
# Another name of JSON, which `text/*` does not mean.
_TEXT_JSON: Final = ("text", "json")
_VERSION: Final = "4.0"
_ANY: Final = "*"


class _Range(NamedTuple):
    main: str
    sub: str
    quality: float

    def covers(self, media_type: str) -> bool:
        main, _, sub = media_type.partition("/")
        return self.main in {_ANY, main} and self.sub in {_ANY, sub}

    @property
    def exactness(self) -> int:
        return (self.main != _ANY) + (self.sub != _ANY)


_NONE: Final = _Range("", "", 0)


@lru_cache(maxsize=256)
def preferred(accept: str, stated: str, offered: tuple[str, ...]) -> str | None:
    """Of the types offered the one that is asked for first, None when none is. `stated` is the value of `_format`,
    which goes before the header. Those that are wanted alike follow the exactness and the order of the ranges, then
    their own order."""
    ranges = _ranges(_as_type(stated) if stated else accept)
    if not ranges:
        return offered[0]
    best: tuple[tuple[float, int, int], str] | None = None
    for media_type in offered:
        covering = [(each.exactness, -number) for number, each in enumerate(ranges) if each.covers(media_type)]
        if not covering:
            continue
        # The most exact range tells the weight: `*/*, text/html;q=0` excludes one type alone.
        exactness, place = max(covering)
        rank = (ranges[-place].quality, exactness, place)
        if rank[0] > 0 and (best is None or rank > best[0]):
            best = rank, media_type
    return best[1] if best else None


def serves_json(accept: str, stated: str) -> bool:
    return preferred(accept, stated, JSON) is not None


def _as_type(stated: str) -> str:
    # The plus of a media type in an address is a space, unless it was escaped.
    return _SHORT.get(stated.strip().lower(), stated.strip().replace("fhir ", "fhir+"))


def _ranges(accept: str) -> list[_Range]:
    return [_range(part) for part in accept.split(",") if part.strip()]


def _range(text: str) -> _Range:
    """What is no range, or of another version of FHIR, covers nothing; it is not nothing, which would accept all."""
    try:
        read = MediaType(text)
    except ValueError:
        return _NONE
    versions = {value for name, value in read.params.items() if name.lower() == "fhirversion"}
    if versions - {_VERSION}:
        return _NONE
    if (read.main_type, read.sub_type) == _TEXT_JSON:
        return _Range("application", "json", read.quality)
    # Some programs write `*` for everything.
    sub = _ANY if read.main_type == _ANY else read.sub_type
    return _Range(read.main_type, sub, read.quality)
