"""Text in UTF-8 of values separated by `|` under a header, read one line at a time in constant memory. A line that is
wrong is told with its column and passed over; a header that lacks a column refuses the file. Columns are found by their
names, so that more of them, or another order, does no harm. Messages repeat no value."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from carnet.formats.lines import FileRefused

LONGEST: Final = 8000


@dataclass(frozen=True, slots=True)
class Refused:
    """`who` is given where the number could be read: a line that is wrong takes nobody's place away."""

    column: str
    rule: str
    message: str
    who: str = ""


class Wrong(Exception):
    """Of one value, for whoever reads a line."""

    def __init__(self, column: str, rule: str, message: str) -> None:
        self.column, self.rule, self.message = column, rule, message
        super().__init__(rule)

    def refused(self, who: str = "") -> Refused:
        return Refused(self.column, self.rule, self.message, who)


def read(
    file: BinaryIO, columns: Sequence[str], needed: Sequence[str], what: str
) -> Iterator[tuple[int, dict[str, str] | Refused]]:
    """Each line below the header with its number, the header's being 1, as values by column. `what` names the file in
    words. Raises `FileRefused` before the first."""
    names = _header(file, needed, what)
    where = {name: names[_plain(name)] for name in columns if _plain(name) in names}
    width, number = max(names.values()) + 1, 1
    while raw := file.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            _skip(file)
            yield number, Refused("", "too-long", f"La ligne a {LONGEST} octets au plus : il manque une fin de ligne.")
        elif raw.strip():
            yield number, _line(raw, where, width)


def legible(values: Mapping[str, str]) -> None:
    """Raises `Wrong`."""
    for name, value in values.items():
        if value and not value.isprintable():
            raise Wrong(name, "characters", "La valeur contient un caractère invisible : ôtez-le.")


def _skip(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _header(file: BinaryIO, needed: Sequence[str], what: str) -> dict[str, int]:
    try:
        first = file.readline(LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("La première ligne n'est pas en UTF-8 : gardez le codage du fichier publié.") from None
    names = {_plain(name): place for place, name in enumerate(first.split("|")) if name.strip()}
    missing = [name for name in needed if _plain(name) not in names]
    if missing:
        raise FileRefused(
            f"La première ligne n'est pas celle {what} (valeurs séparées par « | ») ; il manque : {', '.join(missing)}."
        )
    return names


def _plain(name: str) -> str:
    """Accents, capitals and apostrophes differ from one publication to the next."""
    spread = unicodedata.normalize("NFKD", name.strip().replace("’", "'").lower())
    return "".join(each for each in spread if not unicodedata.combining(each))


def _line(raw: bytes, where: Mapping[str, int], width: int) -> dict[str, str] | Refused:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return Refused("", "encoding", "La ligne n'est pas en UTF-8 : gardez le codage du fichier publié.")
    cells = text.split("|")
    if len(cells) < width:
        return Refused("", "columns", f"La ligne a {len(cells)} valeurs pour {width} colonnes : est-elle coupée ?")
    return {name: cells[place].strip() for name, place in where.items()}
