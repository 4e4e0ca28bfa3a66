"""The rule of the history against a second statement of it: one that asks, of each thing, where it would be told, by
looking at everything each time."""

from __future__ import annotations

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.clinical.model import Kind
from carnet.health.episodes import Episode, Paper, Told, group
from tests.cases import cases

PLACES = ("", "Clinique du Mail", "CLINIQUE  du mail", "Hôpital des Ponts")


@st.composite
def records(draw: st.DrawFn) -> tuple[list[Paper], list[Told]]:
    """Few places and near days, so that things meet."""
    days = st.integers(0, 60)
    papers = []
    for number in range(draw(st.integers(0, 7))):
        begins = draw(days)
        papers.append(Paper(f"p{number}", 3, begins, begins + draw(st.sampled_from((0, 0, 3))), draw(_PLACE)))
    ids = [paper.id for paper in papers] + ["unseen"]
    numbers, told = count(), list[Told]()
    for _ in range(draw(st.integers(0, 9))):
        first = draw(st.one_of(st.none(), days))
        kind = draw(st.sampled_from((Kind.ENCOUNTER, Kind.RESULT, Kind.VACCINATION)))
        told.append(
            Told(
                kind=kind,
                first=first,
                last=None if first is None else first + draw(st.sampled_from((0, 0, 5))),
                sources=tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))),
                later=tuple(draw(st.lists(st.sampled_from(ids), max_size=1))),
                fact=f"f{next(numbers):02}",
                place=draw(_PLACE) if kind is Kind.ENCOUNTER else "",
            )
        )
    return papers, told


_PLACE = st.sampled_from(PLACES)


def plain(place: str) -> str:
    return {"CLINIQUE  du mail": "Clinique du Mail"}.get(place, place)


Stay = tuple[int, int, str, str, set[str]]
"""First and last day, key, place, and the documents that state it."""


class Second:
    """`lines`: what each line holds, by its day and key; the names of papers and of facts."""

    def __init__(self, papers: list[Paper], told: list[Told]) -> None:
        self.papers = papers
        self.visits = [each for each in told if each.kind is Kind.ENCOUNTER and each.first is not None]
        self.stays = [self.stay(each) for each in self.visits]
        self.lines: dict[tuple[int | None, str], set[str]] = {}
        for each in self.visits:
            begins, _, key, _, _ = self.stay(each)
            self.lines.setdefault((begins, key), set()).add(each.fact)
        for paper in papers:
            self.lines.setdefault(self.of_paper(paper), set()).add(paper.id)
        for each in told:
            if each not in self.visits:
                self.lines.setdefault(self.of_fact(each), set()).add(each.fact)

    def run(self, each: Told) -> list[Told]:
        """All that are reached from one by days in common, at its place."""
        found, more = list[Told](), [each]
        while more:
            found += more
            around = [one for one in self.visits if one not in found and stands(one) == stands(each)]
            more = [other for other in around if any(days(other) & days(one) for one in found)]
        return found

    def stay(self, each: Told) -> Stay:
        members = self.run(each)
        every = set[int]().union(*map(days, members))
        sources = {source for one in members for source in (*one.sources, *one.later)}
        return min(every), max(every), min(one.fact for one in members), plain(each.place), sources

    def of_paper(self, paper: Paper) -> tuple[int | None, str]:
        day, place = paper.first, plain(paper.place)
        there = [stay for stay in self.stays if place and stay[3] == place and stay[0] <= day <= stay[1]]
        says = [stay for stay in self.stays if paper.id in stay[4] and stay[0] <= day <= stay[1] + 31]
        return best(there + says) or (day, paper.id)

    def of_fact(self, each: Told) -> tuple[int | None, str]:
        day = each.first
        if day is None:
            return None, min(each.sources)
        homes = [paper for paper in self.papers if paper.id in {*each.sources, *each.later}]
        home = min(homes, key=lambda paper: (far(day, paper), paper.first, paper.id), default=None)
        if home and home.first - 7 <= day <= home.last + 1:
            return self.of_paper(home)
        place = plain(home.place) if home else ""
        then = [stay for stay in self.stays if stay[0] <= day <= stay[1]]
        held = [stay for stay in then if (place and stay[3] == place) or stay[4] & set(each.sources)]
        return best(held) or (day, home.id if home else min(each.sources))


def stands(each: Told) -> str:
    return plain(each.place) or f"of {min(each.sources)}"


def best(found: list[Stay]) -> tuple[int, str] | None:
    ordered = sorted(found, key=lambda stay: (-stay[0], stay[1], stay[2]))
    return (ordered[0][0], ordered[0][2]) if ordered else None


def days(each: Told) -> set[int]:
    begins = each.first or 0
    return set(range(begins, max(begins, each.last if each.last is not None else begins) + 1))


def far(day: int, paper: Paper) -> int:
    return min(abs(day - each) for each in range(paper.first, paper.last + 1))


def held(episode: Episode) -> set[str]:
    return {paper.id for paper in episode.papers} | {each.fact for each in episode.told}


@settings(max_examples=cases(300))
@given(records())
def test_what_is_told_with_what(record: tuple[list[Paper], list[Told]]) -> None:
    papers, told = record
    episodes = group(papers, told)
    assert {(each.first, each.key): held(each) for each in episodes} == Second(papers, told).lines
    assert len({(each.first, each.key) for each in episodes}) == len(episodes), "a place in the list is one line's"
    everything = [name for each in episodes for name in held(each)]
    assert sorted(everything) == sorted([paper.id for paper in papers] + [each.fact for each in told]), (
        "each thing once"
    )
    dated = [each.first for each in episodes if each.first is not None]
    assert dated == sorted(dated, reverse=True)
    assert [each.first for each in episodes][len(dated) :] == [None] * (len(episodes) - len(dated))


@settings(max_examples=cases(50))
@given(records(), st.randoms())
def test_the_order_in_which_it_is_read_tells_nothing(record: tuple[list[Paper], list[Told]], chance: object) -> None:
    papers, told = record
    mixed_papers, mixed_told = list(papers), list(told)
    chance.shuffle(mixed_papers)  # type: ignore[attr-defined]
    chance.shuffle(mixed_told)  # type: ignore[attr-defined]
    assert [(each.first, each.key, held(each)) for each in group(mixed_papers, mixed_told)] == [
        (each.first, each.key, held(each)) for each in group(papers, told)
    ]


def test_a_stay_with_its_letter_and_what_is_older_apart() -> None:
    stay = Told(Kind.ENCOUNTER, 100, 104, ("letter",), fact="f1", place="Hôpital des Ponts", setting="IMP")
    urgent = Told(Kind.ENCOUNTER, 100, 100, ("note",), fact="f2", place="hopital des ponts", setting="EMER")
    letter = Paper("letter", 11, 112, 112, "Hôpital des Ponts")
    note = Paper("note", 6, 100, 100, "Hôpital des Ponts")
    scan = Paper("scan", 60, 102, 102, "Hôpital des Ponts")
    elsewhere = Paper("elsewhere", 60, 102, 102, "Cabinet du Mail")
    during = Told(Kind.RESULT, 103, 103, ("letter",), fact="f3")
    before = Told(Kind.VACCINATION, 20, 20, ("letter",), fact="f4")
    undated = Told(Kind.PROCEDURE, None, None, ("letter",), fact="f5")
    lines = group([letter, note, scan, elsewhere], [stay, urgent, during, before, undated])
    assert [(each.first, held(each)) for each in lines] == [
        (102, {"elsewhere"}),
        (100, {"letter", "note", "scan", "f1", "f2", "f3"}),
        (20, {"f4"}),
        (None, {"f5"}),
    ]
