"""What a summary says otherwise than the one before it, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carnet.formats.cda.build.vsm import words
from carnet.formats.cda.build.vsm.model import Chapter, Nothing, Part, Synthesis
from carnet.formats.cda.build.vsm.sections import CHAPTERS
from carnet.formats.clinical import keys, sameness
from carnet.formats.clinical.model import Entry

__all__ = ["Change", "changes"]

_UNKNOWN: Final = "Non renseigné."
# A problem that is over goes from the one to the other.
_ONE: Final = frozenset({Part.PROBLEMS, Part.HISTORY})


@dataclass(frozen=True, slots=True)
class Change:
    """In words: `before` is "" for what was added, `after` for what was removed. `moved_from`: its chapter before."""

    part: Part
    before: str
    after: str
    moved_from: Part | None = None


def changes(old: Synthesis, new: Synthesis) -> tuple[Change, ...]:
    """By chapter, in their order: what changed, then what was added, then what was removed."""
    matched, added, removed = _matched(_lines(old), _lines(new))
    found = [_changed(*pair) for pair in matched if _says(*pair[0]) != _says(*pair[1])]
    found += [Change(part, "", words.line(entry)) for part, entry in added]
    found += [Change(part, words.line(entry), "") for part, entry in removed]
    found += [each for part in Part for each in _said(old.of(part), new.of(part))]
    order = list(Part)
    return tuple(sorted(found, key=lambda each: order.index(each.part)))


_Line = tuple[Part, Entry]


def _lines(synthesis: Synthesis) -> list[_Line]:
    return [(part, entry) for part in Part for entry in synthesis.of(part).entries]


def _says(part: Part, entry: Entry) -> tuple[Part, str]:
    return part, words.line(entry)


def _changed(before: _Line, after: _Line) -> Change:
    moved = before[0] if before[0] is not after[0] else None
    return Change(after[0], words.line(before[1]), words.line(after[1]), moved)


def _matched(old: Sequence[_Line], new: Sequence[_Line]) -> tuple[list[tuple[_Line, _Line]], list[_Line], list[_Line]]:
    """The same words first, then the same question, the same code, the same name: each line once."""
    pairs: list[tuple[_Line, _Line]] = []
    left_old, left_new = list(old), list(new)
    for key in (_whole, _question, _coded, _named):
        waiting: dict[str, list[_Line]] = {}
        for each in left_old:
            waiting.setdefault(key(*each), []).append(each)
        for each in list(left_new):
            name = key(*each)
            if name and waiting.get(name):
                before = waiting[name].pop(0)
                pairs.append((before, each))
                left_old.remove(before)
                left_new.remove(each)
    return pairs, left_new, left_old


def _area(part: Part) -> str:
    return "conditions" if part in _ONE else part.value


def _whole(part: Part, entry: Entry) -> str:
    return keys.key(part.value, words.line(entry))


def _question(part: Part, entry: Entry) -> str:
    asked = sameness.question(entry)
    return keys.key(_area(part), asked) if asked else ""


def _coded(part: Part, entry: Entry) -> str:
    code = keys.code(entry.code)
    return keys.key(_area(part), code) if code else ""


def _named(part: Part, entry: Entry) -> str:
    return keys.key(_area(part), keys.words(words.name(entry)))


def _said(old: Chapter, new: Chapter) -> Iterator[Change]:
    if old.remark != new.remark:
        yield Change(new.part, old.remark, new.remark)
    before, after = _nothing(old), _nothing(new)
    if before != after:
        yield Change(new.part, before, after)


def _nothing(chapter: Chapter) -> str:
    # The points to watch always stand: that they say nothing is no word of their author.
    unsaid = chapter.part is Part.WATCH and chapter.nothing is Nothing.UNKNOWN
    if chapter.nothing is None or chapter.entries or unsaid:
        return ""
    return CHAPTERS[chapter.part].none if chapter.nothing is Nothing.NONE else _UNKNOWN
