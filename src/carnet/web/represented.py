"""From whom something is kept secret: a minor's parents; with an adult, whoever a court chose to represent them. To an
adult nothing is said of « vos parents »."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from carnet.web.i18n import gettext
from carnet.web.words import marked

_of_age: ContextVar[bool] = ContextVar("holder_of_age", default=False)
_TO_ADULTS: Final = {
    "Vos parents ne verront pas votre réponse : une source de ce médicament leur est cachée.": marked(
        "Qui vous représente ne verra pas votre réponse : une source de ce médicament lui est cachée."
    ),
    "Caché à vos parents": marked("Caché à qui vous représente"),
    "documents cachés à vos parents": marked("documents cachés à qui vous représente"),
    "Vos parents ne le savent pas.": marked("Qui vous représente ne le sait pas."),
    "Vos parents ne le voient pas": marked("Qui vous représente ne le voit pas"),
    "Mes parents ne le sauront pas": marked("Qui me représente ne le saura pas"),
    "Ils ne verront ni cette autorisation, ni ce que ce soignant lit par elle. C'est votre droit, pour votre santé.": (
        marked("Cette personne ne verra ni cette autorisation, ni ce que ce soignant lit par elle. C'est votre droit.")
    ),
    "Vos parents ne voient pas ce document, ni les accès à ce document. Si vous le leur montrez, ils le verront"
    " aussitôt.": marked(
        "Qui vous représente ne voit pas ce document, ni les accès à ce document. Si vous le lui montrez, il sera vu"
        " aussitôt."
    ),
    "Le montrer à mes parents": marked("Le montrer à qui me représente"),
    "Vos parents, s'ils suivent ce carnet, voient ce document.": marked("Qui vous représente voit ce document."),
    "Si vous le leur cachez, vos soignants continueront de le voir. Vos parents, eux, ne verront plus rien de ce"
    " document. Vous pouvez demander conseil au soignant qui l'a écrit.": marked(
        "Si vous le lui cachez, vos soignants continueront de le voir. Qui vous représente ne verra plus rien de ce"
        " document. Vous pouvez demander conseil au soignant qui l'a écrit."
    ),
    "Le cacher à mes parents": marked("Le cacher à qui me représente"),
}


def speak_to(*, of_age: bool) -> None:
    """For the rest of this request."""
    _of_age.set(of_age)


def adult() -> bool:
    return _of_age.get()


def represented(words: str) -> str:
    """The words, in the reader's language, as they are for the holder of the page that is being made."""
    return gettext(_TO_ADULTS[words] if adult() else words)
