"""`python -m carnet.web.messages extract|update|compile|check`: the catalogues of the pages' words.

French is the source, in the code itself. `extract` writes the template catalogue, `update` carries new words into
the English one, `compile` makes what the program reads, `check` fails on a word without English, on words
that have changed since the last update, and on a compiled catalogue that is not the written one.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from carnet.web.i18n import DOMAIN, LOCALE_FOLDER

_SOURCE = Path(__file__).parent
_METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "marked": None,
    "represented": None,
    "about": None,
}
_TEMPLATE = LOCALE_FOLDER / f"{DOMAIN}.pot"
_ENGLISH = LOCALE_FOLDER / "en" / "LC_MESSAGES" / f"{DOMAIN}.po"
_WIDTH = 110
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def extracted() -> Catalog:
    catalog = _settled(Catalog(project="Carnet", charset="utf-8", fuzzy=False))
    found = extract_from_dir(_SOURCE, _METHODS, _OPTIONS, _KEYWORDS)
    for file, _line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalog.add(message, None, [(file, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def english() -> Catalog:
    with _ENGLISH.open("rb") as file:
        return _settled(read_po(file, locale="en", domain=DOMAIN))


def _settled(catalog: Catalog) -> Catalog:
    """Babel's moments and place-holders would change the files without a word having changed."""
    catalog.header_comment = "# The words of Carnet's pages."
    catalog.creation_date = catalog.revision_date = _MOMENT
    catalog.version = ""
    catalog.last_translator = catalog.language_team = "Carnet"
    catalog.msgid_bugs_address = ""
    return catalog


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalog, width=_WIDTH, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    path.write_bytes(out.getvalue())


def extract() -> Iterator[str]:
    _write(_TEMPLATE, extracted())
    yield from ()


def update() -> Iterator[str]:
    yield from extract()
    catalog = english()
    catalog.fuzzy = False
    catalog.update(extracted(), no_fuzzy_matching=True)
    _write(_ENGLISH, catalog)


def compile_() -> Iterator[str]:
    _ENGLISH.with_suffix(".mo").write_bytes(compiled(english()))
    yield from ()


def check() -> Iterator[str]:
    """One line per fault."""
    catalog = english()
    wanted = {(message.id, message.context) for message in extracted() if message.id}
    have = {(message.id, message.context): message for message in catalog if message.id}
    for identifier in sorted(wanted - have.keys(), key=str):
        yield f"not in the English catalogue (run update): {identifier!r}"
    for identifier in sorted(have.keys() - wanted, key=str):
        yield f"no longer used (run update): {identifier!r}"
    for identifier in sorted(wanted & have.keys(), key=str):
        if not _translated(have[identifier]):
            yield f"no English: {identifier!r}"
        yield from (f"{identifier!r}: {error}" for error in have[identifier].check())
    binary = _ENGLISH.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalog):
        yield "the compiled English catalogue is not the written one (run compile)"


def _translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return not message.fuzzy and bool(words) and all(words)


_COMMANDS: dict[str, Callable[[], Iterator[str]]] = {
    "extract": extract,
    "update": update,
    "compile": compile_,
    "check": check,
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        sys.stderr.write(f"usage: python -m carnet.web.messages {'|'.join(_COMMANDS)}\n")
        return 2
    faults = list(_COMMANDS[arguments[0]]())
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
