"""The trail in plain sentences: who did what, when. Pure: lines in, days of sentences out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Final
from uuid import UUID

from carnet.consent.facts import Reason
from carnet.consent.giving import NOT_GIVEN, Why
from carnet.consent.trail import TrailLine, decided_by, shut_out
from carnet.formats.fhir.audit_event.acts import act_of
from carnet.web.about import about
from carnet.web.i18n import PARIS, birth, day, gettext, hour, language, ngettext
from carnet.web.patient.act import Act
from carnet.web.patient.document_acts import ON_DOCUMENTS
from carnet.web.patient.privacy_words import refused
from carnet.web.patient.record_acts import BY_DETAIL, ON_THE_RECORD
from carnet.web.words import marked


@dataclass(frozen=True, slots=True)
class Sentence:
    """`count`: how often the same was done in that visit; `at` is the latest, `since` the first where it was done more
    than once; `also`: what was looked at beside it, which would else stand in the detail alone; `stranger`: the
    professional who did it, whom the person may say they do not know; `rule`: the article and the edition of the rules
    that decided."""

    at: datetime
    text: str
    more: str
    icon: str
    kind: str = ""
    count: int = 1
    stranger: UUID | None = None
    rule: str = ""
    since: datetime | None = None
    also: str = ""

    @property
    def hours(self) -> str:
        """When: from the first to the latest, if they differ."""
        latest, first = hour(self.at), hour(self.since or self.at)
        return latest if first == latest else f"{first} – {latest}"

    @property
    def times(self) -> str:
        return ngettext("%(count)s fois", "%(count)s fois", self.count) % {"count": self.count}


@dataclass(frozen=True, slots=True)
class Event:
    """What one person did in one visit, in one line: what weighs most, and each act by itself. `disputable`: they are a
    professional who is not the médecin traitant; `passing`: one of the record's own people only saw its cover."""

    lead: Sentence
    acts: tuple[Sentence, ...]
    disputable: bool = False
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    events: tuple[Event, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(act for event in self.events for act in event.acts)


VISIT: Final = timedelta(minutes=30)
"""What the same person does after a longer pause is another visit."""

_ACTS = ON_DOCUMENTS | ON_THE_RECORD
_OTHERWISE = Act(marked("Vous avez utilisé votre carnet"), marked("%(who)s a utilisé votre carnet"), "eye")

_COUNTS = {"document-page": 0, "preview-counts": 0}
"""The pages of a document that is being read are no further readings of it, nor is what the settings say of each."""

_PART_OF = {"preview-counts": "confidentiality-read"}
"""Told in the same words: whoever read the settings sees it once, however many readers these told of."""

_READINGS = frozenset({"document-open", "document-read", "document-page"})
_DEPOSITS = frozenset({"document-deposit"})
_SEVERAL = {
    "document-deposit": (_DEPOSITS, marked("%(who)s a déposé %(count)s documents")),
    **dict.fromkeys(_READINGS, (_READINGS, marked("%(who)s a lu %(count)s documents"))),
}
_GRAVER: Final[tuple[frozenset[str], ...]] = (
    frozenset({"break-glass"}),
    # The record's life, and who comes into it as its holder or in their place.
    frozenset(
        {
            *("record-closed", "record-deceased", "record-erased", "record-erasing-asked", "record-opposed"),
            *("record-suspended", "guardian-asked", "representation-added", "representation-ended"),
            *("account-linked", "entry-code-asked", "entry-code-confirmed", "entry-code-given"),
            *("identity-asked", "identity-confirmed", "identity-linked", "erasing-proposed", "erasing-confirmed"),
        }
    ),
    # Who may read it, or carries it away.
    frozenset(
        {
            *("declare", "authorise", "withdraw", "attending", "attending-ended", "block", "block-to-end", "unblock"),
            *("carer-accepted", "carer-added", "carer-changed", "carer-ended", "carer-invited", "carer-left"),
            *("document-handed", "export-asked", "export-taken", "mask-add", "mask-end"),
        }
    ),
    frozenset({"document-withdrawn"}),
    _DEPOSITS,
)
"""What weighs most of what somebody did in one go, each more than the next; then whatever else changed something, then
readings, then what was but looked at."""

_READ: Final = len(_GRAVER) + 1
"""From this weight on nothing was changed."""

# What was seen, or put in order for oneself.
_TIDYING: Final = frozenset({"alert-seen", "emergencies-seen", "folders-changed", "profile-arranged", "shelf-changed"})
_CHANGES: Final = frozenset("CUD")

_SHUT_OUT: Final = marked("%(who)s a vérifié ses droits sur votre carnet : aucun accès, rien n'a été lu")

_REASONS = frozenset(each.value for each in Reason)

_ASKED: Final = {
    "authorise": (
        marked("Vous n'avez autorisé personne : votre demande n'a pas abouti"),
        marked("%(who)s n'a autorisé personne : la demande n'a pas abouti"),
    ),
    "block": (
        marked("Vous n'avez bloqué personne : votre demande n'a pas abouti"),
        marked("%(who)s n'a bloqué personne : la demande n'a pas abouti"),
    ),
}
_HINDRANCES: Final[dict[str, str]] = {
    Why.UNKNOWN: marked("L'annuaire ne connaît personne à ce numéro."),
    Why.ATTENDING: marked("C'est le médecin traitant : la loi lui donne accès."),
    Why.BLOCKED: marked("Son accès est bloqué."),
    Why.EMPTY: marked("L'annuaire n'y connaît personne qui puisse lire un carnet."),
    Why.LAW: marked("Les règles ne lui permettent pas de lire ce carnet."),
    Why.GROUP: marked("Un établissement ou une équipe ne se bloque pas."),
    Why.EXPRESS: marked("Il y faut un accord exprès."),
    Why.SECRET: marked("Cette autorisation ne peut pas rester secrète."),
    Why.UNMASKED: marked("Ce qui est masqué ne peut pas lui être montré."),
    Why.CHILD: marked("Il y faut la réponse de l'enfant."),
    Why.SETTLING: marked("Cela attend deux jours après une entrée par un code d'accès."),
    Why.SECRETARY: marked("Un secrétariat lit ce que lit le soignant pour qui il travaille."),
}

# Whoever opens a record looks at these by the way.
_GLANCES = frozenset({"standing-read", "alert-read", "record-existence"})

# The home page of who has several records shows the cover of each.
_PASSING: Final = frozenset({"book-read"})
_OWN_PEOPLE: Final = frozenset({"representative", "carer"})

_PURPOSES = {
    "care": marked("Pour vos soins"),
    "deposit": marked("Pour déposer"),
    "emergency": marked("Pour une urgence"),
    "regulation": marked("Pour un appel au 15"),
    "support": marked("Pour vous aider"),
}
# Of these the capacity says for what.
_SAYS_FOR_WHAT = frozenset({"emergency", "regulation", "representative", "carer", "invited", "steward"})

_CAPACITIES = {
    "attending": marked("Votre médecin traitant"),
    "authorised": marked("Soignant autorisé, ou qui a déclaré un accord"),
    "coordinating": marked("Médecin coordonnateur, avec votre accord"),
    "administrator": marked("Soignant que vous avez nommé administrateur"),
    "team": marked("Membre d'une équipe ou d'un établissement que vous avez autorisé"),
    "deputy": marked("À la place d'un soignant qui a accès"),
    "emergency": marked("En urgence"),
    "regulation": marked("Régulation du Samu (15)"),
    "declarant": marked("Soignant qui dit que vous êtes d'accord"),
    "author": marked("Auteur de documents de votre carnet"),
    "recipient": marked("Soignant à qui vous avez remis un document"),
    "software": marked("Logiciel qui ne voit que ce qu'il a déposé"),
    "representative": marked("Votre représentant"),
    "carer": marked("Votre aidant"),
    "invited": marked("Parent invité, dont la preuve est à examiner"),
    "steward": marked("Gestion du service, sans accès à vos documents"),
}


def days(lines: Iterable[TrailLine], own: UUID) -> list[Day]:
    """Newest first, each visit on the day on which it ended; what was done several times in it stands once, with its
    count. What the record's own people saw in passing stands last in its day."""
    grouped = groupby(_visits(lines, own), key=lambda visit: _day(visit[0]))
    told = ((day, [_event(visit, own) for visit in visits]) for day, visits in grouped)
    return [Day(day, tuple(sorted(events, key=lambda event: event.passing))) for day, events in told]


def _day(line: TrailLine) -> date:
    return line.at.astimezone(PARIS).date()


def whole(lines: Sequence[TrailLine], own: UUID, least: int, *, more: bool) -> int | None:
    """After how many lines, `least` or the fewest more, no visit is under way: there a page may end, and every visit
    is counted as a whole on one page. None where these lines do not tell. `more`: there are lines beyond."""
    open_until = 0
    reach = _reach(lines, own, more=more)
    for count, until in enumerate(reach):
        if count >= least and open_until <= count:
            return count
        open_until = max(open_until, until)
    return len(lines) if not more else None


def _reach(lines: Sequence[TrailLine], own: UUID, *, more: bool) -> list[int]:
    """For each line, after how many lines its visit is over: beyond the last where it may go on there."""
    reach = [0] * len(lines)
    runs = _runs(enumerate(lines), own)
    for run in runs:
        last, line = run[-1]
        beyond = more and _goes_on(line, lines[-1], own)
        for index, _ in run:
            reach[index] = len(lines) + 1 if beyond else last + 1
    return reach


def _runs(lines: Iterable[tuple[int, TrailLine]], own: UUID) -> list[list[tuple[int, TrailLine]]]:
    """The acts of each person in one place through one software, in whatever capacity, without a long pause."""
    found: list[list[tuple[int, TrailLine]]] = []
    running: dict[tuple[object, ...], list[tuple[int, TrailLine]]] = {}
    for index, line in lines:
        by = _by(line, own)
        run = running.get(by)
        if run is None or not _goes_on(run[-1][1], line, own):
            run = running[by] = []
            found.append(run)
        run.append((index, line))
    return found


def _by(line: TrailLine, own: UUID) -> tuple[object, ...]:
    by: tuple[object, ...] = (line.actor_id, line.organisation_name, line.software)
    if not _by_day(line, own):
        return by
    # The title of one's own act is what one looks for: each stands by itself.
    what = (_PART_OF[line.action], None) if line.action in _PART_OF else (line.action, line.target_id)
    return (*by, *what, line.outcome)


def _by_day(line: TrailLine, own: UUID) -> bool:
    return line.actor_id == own or _passes(line)


def _passes(line: TrailLine) -> bool:
    return line.action in _PASSING and line.capacity in _OWN_PEOPLE and line.outcome != "refused"


def _goes_on(line: TrailLine, older: TrailLine, own: UUID) -> bool:
    """Whether the visit of a line may have begun with the older one."""
    return _day(line) == _day(older) if _by_day(line, own) else line.at - older.at <= VISIT


def _visits(lines: Iterable[TrailLine], own: UUID) -> list[list[TrailLine]]:
    """Of what was refused a line stands by itself, and what was looked at by the way is told with the one or the
    other."""
    runs = _runs(enumerate(lines), own)
    return [part for run in runs for part in _parts([line for _, line in run])]


def _parts(visit: list[TrailLine]) -> list[list[TrailLine]]:
    refused = [line for line in visit if line.outcome == "refused"]
    done = [line for line in visit if line.outcome != "refused"]
    if all(line.action in _GLANCES for line in done):
        return [visit]
    return [part for part in (done, refused) if part]


def _event(lines: Sequence[TrailLine], own: UUID) -> Event:
    acts = _merged(sentence(line, own) for line in lines)
    lead = _lead(lines, acts, own)
    attends = any(line.capacity == "attending" for line in lines)
    passing = lines[0].actor_id != own and _passes(lines[0])
    return Event(lead, acts, disputable=lead.stranger is not None and not attends, passing=passing)


def _lead(lines: Sequence[TrailLine], acts: tuple[Sentence, ...], own: UUID) -> Sentence:
    if len(acts) == 1:
        return acts[0]
    weighing = min(lines, key=_weight)
    lead, its = _title(weighing, lines, own)
    seen = _beside(lines, its, weighing, own)
    return replace(lead, at=its[0].at, since=its[-1].at, count=1, also=_also(seen, lead, own) if seen else "")


def _title(weighing: TrailLine, lines: Sequence[TrailLine], own: UUID) -> tuple[Sentence, list[TrailLine]]:
    """The sentence of what weighs most, and the lines that it tells of."""
    lead = sentence(weighing, own)
    actions, words = _SEVERAL.get(weighing.action, (frozenset({weighing.action}), ""))
    alike = [line for line in lines if line.action in actions and line.outcome == weighing.outcome]
    several = len({line.target_id for line in alike})
    if words and several > 1:
        return replace(lead, text=about(words, who=_who(weighing), count=several)), alike
    return lead, [line for line in alike if line.target_id == weighing.target_id]


def _beside(lines: Sequence[TrailLine], its: Sequence[TrailLine], weighing: TrailLine, own: UUID) -> TrailLine | None:
    """What was read, or looked for, beside an act that changed something. Whoever acts was looking for the person
    before; who looks again afterwards came back."""
    if _weight(weighing) >= _READ or weighing.actor_id == own:
        return None
    seen = [line for line in lines if _weight(line) >= _READ and line.outcome != "refused"]
    told = [line for line in seen if line.action not in _GLANCES or _came_back(line, its[0])]
    return min(told, key=_weight, default=None)


def _came_back(line: TrailLine, after: TrailLine) -> bool:
    return line.action == "record-existence" and line.at > after.at


def _also(seen: TrailLine, lead: Sentence, own: UUID) -> str:
    """« et a lu … », with its own hour."""
    words = sentence(seen, own).text
    did = words.removeprefix(f"{_who(seen)} ")
    if did == words:
        return ""
    if hour(seen.at) == hour(lead.at):
        return gettext("et %(did)s") % {"did": did}
    return gettext("et %(did)s (à %(hour)s)") % {"did": did, "hour": hour(seen.at)}


def _weight(line: TrailLine) -> int:
    """The gravest has the least. What was refused stands by itself."""
    if line.outcome == "refused":
        return -1
    for weight, actions in enumerate(_GRAVER):
        if line.action in actions:
            return weight
    return len(_GRAVER) + _lesser(line.action)


def _lesser(action: str) -> int:
    if act_of(action).action in _CHANGES and action not in _TIDYING:
        return 0
    if action in _READINGS:
        return 1
    return 2 if action == "documents-list" else 4 if action in _GLANCES else 3


def _merged(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    merged: dict[tuple[str, str], Sentence] = {}
    for one in sentences:
        known = merged.get((one.text, one.more))
        merged[one.text, one.more] = replace(known, count=known.count + one.count, since=one.at) if known else one
    return tuple(merged.values())


def sentence(line: TrailLine, own: UUID) -> Sentence:
    if line.outcome == "refused":
        return _not_given(line, own) or (_own_refusal(line) if line.actor_id == own else _refusal(line))
    act = _act(line)
    yours = line.actor_id == own
    titled, plain = (act.you_titled, act.you) if yours else (act.other_titled, act.other)
    words = {"who": _who(line), "title": line.title}
    text = about(_SHUT_OUT if shut_out(line) else titled if line.title and titled else plain, **words)
    named = (act.you_named if yours else act.other_named) or act.named
    if named and line.target_name:
        text = about(named, who=_who(line), name=line.target_name, day=_told_day(line))
    below = "" if yours else _below(line)
    rule = "" if yours else _rule(line)
    return Sentence(
        line.at, text, below, act.icon, count=_COUNTS.get(line.action, 1), stranger=_stranger(line), rule=rule
    )


def _act(line: TrailLine) -> Act:
    otherwise = BY_DETAIL[line.action].get(line.detail) if line.action in BY_DETAIL else None
    return otherwise or _ACTS.get(line.action, _OTHERWISE)


def _told_day(line: TrailLine) -> str:
    """Of a block that will end: when."""
    return day(datetime.fromisoformat(line.detail)) if line.action == "block-to-end" else ""


def _who(line: TrailLine) -> str:
    return line.actor_name or gettext("Un logiciel de soins")


def in_words(line: TrailLine, own: UUID) -> str:
    """The sentence and what stands below it on the page, as one text."""
    told = sentence(line, own)
    return f"{told.text}. {told.more}".strip()


def _refusal(line: TrailLine) -> Sentence:
    text = gettext("Un accès a été refusé à %(who)s") % {"who": _who(line)}
    parts = (line.organisation_name, _for_what(line), _no(line), _software(line))
    said = ". ".join(part.rstrip(".") for part in parts if part) + "."
    return Sentence(line.at, text, said, "lock", "danger", stranger=_stranger(line), rule=_rule(line))


def _own_refusal(line: TrailLine) -> Sentence:
    """An address that leads to nothing any more, as a rule."""
    said = (_software(line), _capital(gettext("rien ne vous a été montré")))
    more = ". ".join(filter(None, said)) + "."
    return Sentence(line.at, gettext("Un accès vous a été refusé"), more, "lock", "danger")


def _not_given(line: TrailLine, own: UUID) -> Sentence | None:
    """Where nobody was refused anything: what the record's own people asked for, and what kept it from being done."""
    if line.action not in _ASKED or not line.detail.startswith(NOT_GIVEN):
        return None
    you, other = _ASKED[line.action]
    text = gettext(you) if line.actor_id == own else gettext(other) % {"who": _who(line)}
    why = _HINDRANCES.get(line.detail.removeprefix(NOT_GIVEN), "")
    software = _software(line)
    said = (gettext(why) if why else "", f"{software}." if software else "")
    return Sentence(line.at, text, " ".join(filter(None, said)), "lock")


def _no(line: TrailLine) -> str:
    """What said no; for a refusal of another kind, that nothing was shown."""
    return refused(Reason(line.detail)) if line.detail in _REASONS else _capital(gettext("rien ne lui a été montré"))


def _rule(line: TrailLine) -> str:
    """The article by which it was decided, and the edition of the rules at that time."""
    article = decided_by(line)
    return _rule_in_words(article.article, article.version, language()) if article else ""


@cache
def _rule_in_words(article: str, version: str, language: str) -> str:
    """Kept, for there are few, and a page of the trail says one on every line; `language` is the reader's."""
    del language
    words = gettext("Code de la santé publique : %(article)s. Règles de Carnet, version de %(version)s.")
    return words % {"article": article, "version": birth(version)}


def _for_what(line: TrailLine) -> str:
    if line.capacity in _SAYS_FOR_WHAT or line.purpose not in _PURPOSES:
        return ""
    return about(_PURPOSES[line.purpose])


def _stranger(line: TrailLine) -> UUID | None:
    return line.actor_id if line.actor_kind == "professional" else None


def _below(line: TrailLine) -> str:
    capacity = about(_CAPACITIES[line.capacity]) if line.capacity in _CAPACITIES else ""
    said = gettext("Motif : « %(words)s »") % {"words": line.detail} if line.action == "break-glass" else _why(line)
    parts = [part for part in (capacity, _for_what(line), line.organisation_name, _software(line), said) if part]
    parts = [part for part in parts if part != line.actor_name]
    return ". ".join(parts) + "." if parts else ""


def _why(line: TrailLine) -> str:
    """What kept out who looked; of somebody whom nobody had let in yet, the sentence says enough: they may have been
    about to ask."""
    told = shut_out(line) and line.detail in _REASONS and line.detail != Reason.NO_LINK
    return refused(Reason(line.detail)).rstrip(".") if told else ""


def _software(line: TrailLine) -> str:
    words = gettext("Par l'intermédiaire du logiciel « %(software)s »")
    return words % {"software": line.software} if line.software else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
