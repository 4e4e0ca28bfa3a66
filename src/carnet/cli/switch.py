"""`carnet switch`: the settings of the access decision, where the sources disagree or leave it open."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from typing import TYPE_CHECKING, Final

from carnet.cli.errors import CommandError
from carnet.kernel.config import Config

if TYPE_CHECKING:
    from carnet.consent.switches import Setting

NAME: Final = "switch"
HELP: Final = "montre les réglages de la décision d'accès, ou en change un, avec sa date et sa source"
DATABASE: Final = "app"
DEMO_ONLY: Final = False

_WORDS: Final = {True: "on", False: "off"}
_LONGEST_SOURCE: Final = 500


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="RÉGLAGE", help="son nom ; sans nom, tous sont montrés")
    parser.add_argument("value", nargs="?", choices=tuple(_WORDS.values()), help="sa nouvelle valeur")
    parser.add_argument("--from", dest="effective", metavar="AAAA-MM-JJ", help="à partir de ce jour, à 0 h en France")
    parser.add_argument("--source", metavar="TEXTE", help="d'où vient ce choix : un texte, une décision, sa date")


def run(args: Namespace, config: Config) -> int:
    if args.name is None:
        _show()
        return 0
    _turn(args)
    return 0


def _show() -> None:
    from carnet.consent.switches import SOURCES, settings

    for setting in settings():
        print(f"{setting.name}  {_WORDS[setting.value]}, {_since(setting)}")
        print(f"  sources : {SOURCES[setting.name]}")
        for each in setting.planned:
            print(f"  prévu : {_WORDS[each.value]} à partir du {each.effective} ({each.source})")


def _since(setting: Setting) -> str:
    if setting.latest is None:
        return "par défaut"
    return f"depuis le {setting.latest.effective} ({setting.latest.source})"


def _turn(args: Namespace) -> None:
    from carnet.consent import switches

    if args.name not in switches.NAMES:
        raise CommandError(f"Les réglages sont : {', '.join(sorted(switches.NAMES))}.")
    source = (args.source or "").strip()
    if args.value is None or args.effective is None or not source:
        raise CommandError("Un réglage se change avec on ou off, --from AAAA-MM-JJ et --source TEXTE.")
    if len(source) > _LONGEST_SOURCE or not source.isprintable():
        raise CommandError(f"Une source tient sur une ligne de {_LONGEST_SOURCE} caractères au plus.")
    effective, value = _day(args.effective), args.value == _WORDS[True]
    if _is_so(args.name, value, effective):
        print(f"{args.name} est déjà {args.value} à partir du {effective}.")
        return
    switches.turn(args.name, value=value, effective=effective, source=source)
    _trace(f"{args.name} {args.value} {effective}")
    print(f"{args.name} : {args.value} à partir du {effective}.")


def _day(text: str) -> date:
    from carnet.consent.switches import today

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError("Le jour s'écrit AAAA-MM-JJ.") from None
    if day < today():
        raise CommandError("Ce jour est passé : un réglage vaut à partir d'aujourd'hui au plus tôt.")
    return day


def _is_so(name: str, value: bool, effective: date) -> bool:  # noqa: FBT001 - what the setting is
    from carnet.consent.switches import settings

    setting = next(each for each in settings() if each.name == name)
    of_that_day = [each for each in (setting.latest, *setting.planned) if each and each.effective == effective]
    if of_that_day and of_that_day[0].value != value:
        raise CommandError("Ce réglage a déjà un changement ce jour-là : choisissez un autre jour.")
    return bool(of_that_day)


def _trace(detail: str) -> None:
    from carnet.kernel import audit, context
    from carnet.kernel.actor import SYSTEM, Purpose

    with context.use("cli"):
        audit.done(
            SYSTEM,
            Purpose.SUPPORT,
            record_id=None,
            capacity="owner",
            action="switch-turned",
            target_kind="switch",
            detail=detail,
        )
