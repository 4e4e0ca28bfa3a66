"""What belongs to the holder is told by their name, in good French and good English."""

from __future__ import annotations

import pytest

from carnet.web.i18n import use
from carnet.web.jinja import environment
from carnet.web.whose import named

FRENCH = [
    ("Vous décidez qui ouvre votre carnet.", "Vous décidez qui ouvre le carnet de Léa."),
    ("Votre carnet est ouvert", "Le carnet de Léa est ouvert"),
    ("Copie de mon carnet", "Copie du carnet de Léa"),
    ("Qui a accédé à mon carnet", "Qui a accédé au carnet de Léa"),
    ("%(who)s a lu tout votre carnet", "%(who)s a lu tout le carnet de Léa"),
    ("Masqué à vos soignants", "Masqué aux soignants de Léa"),
    ("un de vos soignants", "un des soignants de Léa"),
    ("À la place de vos soignants", "À la place des soignants de Léa"),
    ("Vos soignants le verront", "Les soignants de Léa le verront"),
    ("c'est votre médecin traitant, et la loi", "c'est le médecin traitant de Léa, et la loi"),
    ("le blocage de votre futur médecin traitant", "le blocage du futur médecin traitant de Léa"),
    ("même si votre vie en dépend", "même si la vie de Léa en dépend"),
    ("une partie de votre santé", "une partie de la santé de Léa"),
    ("Pour vos soins", "Pour les soins de Léa"),
    ("Vous avez consulté vos données de santé", "Vous avez consulté les données de santé de Léa"),
    ("le contenu de vos documents", "le contenu des documents de Léa"),
    # What is the reader's stays the reader's.
    ("Vos choix sont enregistrés, sous votre nom.", "Vos choix sont enregistrés, sous votre nom."),
]
ENGLISH = [
    ("You decide who opens your record.", "You decide who opens Léa’s record."),
    ("Your health record is open", "Léa’s health record is open"),
    ("access to your whole health record", "access to Léa’s whole health record"),
    ("Hidden from your care professionals", "Hidden from Léa’s care professionals"),
    ("Your regular doctor sees it", "Léa’s regular doctor sees it"),
    ("For your care", "For Léa’s care"),
    ("Your choices are saved.", "Your choices are saved."),
]


@pytest.mark.parametrize(("words", "said"), FRENCH)
def test_in_french(words: str, said: str) -> None:
    assert named(words, "Léa", french=True) == said


@pytest.mark.parametrize(("words", "said"), ENGLISH)
def test_in_english(words: str, said: str) -> None:
    assert named(words, "Léa", french=False) == said


def test_a_name_that_begins_with_a_vowel_is_told_as_it_is_said() -> None:
    env = environment()
    assert named("Choisir qui voit votre carnet", "Alix", french=True) == "Choisir qui voit le carnet d’Alix"
    assert named("your record", "Alix", french=False) == "Alix’s record"
    sentence = env.from_string('{{ _("Vous êtes dans le carnet de %(name)s.", name=name) }}')
    assert sentence.render(name="Alix") == "Vous êtes dans le carnet d’Alix."
    assert sentence.render(name="<b>Léa") == "Vous êtes dans le carnet de &lt;b&gt;Léa."
    with use("en"):
        assert "Alix" in sentence.render(name="Alix")
    counted = env.from_string('{{ ngettext("une page de %(name)s", "%(num)s pages de %(name)s", 2, name="Inès") }}')
    assert counted.render() == "2 pages d’Inès"
