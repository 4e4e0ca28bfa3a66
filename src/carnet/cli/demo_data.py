"""`carnet demo-data`: the cast, and synthetic people besides. Run again, it adds nothing."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import Final

from carnet.kernel.config import Config

NAME: Final = "demo-data"
HELP: Final = "charge la population de démonstration"
DATABASE: Final = "app"
DEMO_ONLY: Final = True


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--people", type=_count, default=0, metavar="N", help="ajoute N personnes imaginaires et leurs documents"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="graine du hasard : la même redonne les mêmes personnes"
    )


def run(args: Namespace, config: Config) -> int:
    from carnet.demo.crowd import load_people
    from carnet.demo.load import load_cast
    from carnet.kernel import clock

    now = clock.now()
    added = load_cast(now)
    if args.people:
        added += load_people(args.people, args.seed, now, say=_tell)
    print(f"La population de démonstration est prête : {_documents(added)}.", flush=True)
    return 0


def _documents(added: int) -> str:
    if added == 0:
        return "rien à ajouter"
    return "1 document ajouté" if added == 1 else f"{added} documents ajoutés"


def _tell(number: int) -> None:
    print(f"{number} personnes", flush=True)


def _count(text: str) -> int:
    if not text.isdigit():
        raise ArgumentTypeError("donnez un nombre de personnes, sans signe")
    return int(text)
