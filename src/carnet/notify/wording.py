"""The words of the mails, fixed for each kind and language: neutral ones, that name no health datum, no person, no
speciality and no establishment (dmp_rules 7.7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.elision import of
from carnet.notify.rules import OF_PROFESSIONALS, Kind

FRENCH: Final = "fr"
ENGLISH: Final = "en"
CHOICES: Final = "/confidentialite/avertissements"
PROFESSIONAL_CHOICES: Final = "/pro/avis"
"""Where a person, and a professional, choose what they are told of."""
COVERS: Final = "/carnets"
"""Every record that a person may open; which of them has something to see stands there."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """All that is said in one language. `signed` ends every notice. `others`: the subject to who represents the holder,
    where it is another one; the text is the same, and names a record that one follows."""

    notices: dict[Kind, Words]
    others: dict[Kind, str]
    signed: str
    confirmation: Words
    invitation: Words
    parent: Words


_FRENCH: Final = Wording(
    {
        Kind.EMERGENCY: Words(
            "Votre carnet a été ouvert en urgence",
            "Bonjour,\n\nUn professionnel a ouvert un carnet que vous suivez, en urgence. Il a dit pourquoi."
            " Si vous ne reconnaissez pas cet accès, vous pouvez le signaler depuis votre carnet.",
        ),
        Kind.RIGHTS: Words(
            "Un droit d'accès à votre carnet a changé",
            "Bonjour,\n\nUn droit d'accès a changé dans un carnet que vous suivez."
            " Vous y lirez lequel, et ce que vous pouvez décider.",
        ),
        Kind.DOCUMENT: Words(
            "Du nouveau dans votre carnet",
            "Bonjour,\n\nIl y a quelque chose de nouveau dans un carnet que vous suivez.",
        ),
        Kind.CORRECTION: Words(
            "Une correction dans votre carnet",
            "Bonjour,\n\nQuelque chose a été corrigé dans un carnet que vous suivez.",
        ),
        Kind.FIRST_ACCESS: Words(
            "Un premier accès à votre carnet",
            "Bonjour,\n\nUn ou plusieurs professionnels ont consulté pour la première fois un carnet que vous"
            " suivez."
            " Si vous ne reconnaissez pas cet accès, vous pouvez le signaler depuis votre carnet.",
        ),
        Kind.WAITING: Words(
            "Votre carnet a été mis à jour",
            "Bonjour,\n\nUn carnet que vous suivez a été mis à jour. Parlez-en à un soignant, par exemple au médecin"
            " traitant.",
        ),
        Kind.ALERT: Words(
            "Quelque chose vous attend dans Carnet", "Bonjour,\n\nQuelque chose vous attend dans Carnet."
        ),
        Kind.APPS: Words(
            "Les applications que vous avez laissées entrer",
            "Bonjour,\n\nVous avez laissé des applications lire un carnet, et elles le peuvent encore. Voyez"
            " lesquelles, et retirez celles dont vous ne vous servez plus.",
        ),
        Kind.CARED: Words(
            "Du nouveau dans le carnet d'une personne que vous aidez",
            "Bonjour,\n\nIl y a quelque chose de nouveau ou de corrigé dans le carnet d'une personne que vous aidez,"
            " parmi ce qu'elle vous laisse lire.",
        ),
        Kind.SECURITY: Words(
            "Une nouvelle connexion à votre compte",
            "Bonjour,\n\nVotre compte Carnet a été ouvert depuis un nouvel appareil, ou une clé d'accès y a été"
            " ajoutée. Si c'était vous, vous n'avez rien à faire. Sinon, ouvrez la page « Mes appareils » de votre"
            " carnet et choisissez « Ce n'était pas moi ».",
        ),
        Kind.STOPPED: Words(
            "Une connexion à votre compte a été arrêtée",
            "Bonjour,\n\nQuelqu'un, vous sans doute, a dit d'une connexion à votre compte Carnet :"
            " « ce n'est pas moi »."
            " Elle est fermée, et l'identité qui l'avait ouverte n'ouvre plus rien tant que le support n'a pas décidé."
            " Si ce n'était pas vous, appelez le support ou allez à un guichet avec une pièce d'identité.",
        ),
        Kind.SETTLED: Words(
            "Le support a répondu à votre signalement",
            "Bonjour,\n\nVous aviez dit d'une connexion à votre compte Carnet : « ce n'était pas moi ». Le support a"
            " décidé. Essayez de vous connecter ; si vous ne le pouvez pas, allez à un guichet avec une pièce"
            " d'identité.",
        ),
        Kind.ENTRANCE: Words(
            "Un nouveau moyen d'entrer dans votre compte",
            "Bonjour,\n\nAu support, quelqu'un a demandé, confirmé ou remis de quoi entrer dans votre compte Carnet ou"
            " le suivre à votre place. Si c'était vous, vous n'avez rien à faire. Sinon, ouvrez la page « Mes"
            " appareils » de votre carnet pour annuler le code, et appelez le support.",
        ),
        Kind.ERASING: Words(
            "L'effacement de votre carnet est demandé",
            "Bonjour,\n\nL'effacement de votre carnet est demandé. Il est fermé, et sera effacé pour toujours dans"
            " trente jours. Si c'était vous, vous n'avez rien à faire. Sinon, ou si vous changez d'avis, connectez-vous"
            " à Carnet avant ce jour pour l'annuler, ou allez à un guichet avec une pièce d'identité.",
        ),
        Kind.ANSWER: Words(
            "Une demande a sa réponse",
            "Bonjour,\n\nUne demande pour représenter un enfant, que vous avez faite ou permise, a sa réponse."
            " Vous la lirez dans Carnet, à la page « Choisir un carnet ».",
        ),
        Kind.GROWING: Words(
            "Bientôt dix-huit ans : ce qui va changer",
            "Bonjour,\n\nUn carnet que vous suivez change bientôt de mains : à dix-huit ans, une personne est seule à"
            " ouvrir le sien. La page « Grandir » du carnet dit ce qui change, et quand.",
        ),
        Kind.GROWN: Words(
            "Dix-huit ans : ce qui a changé",
            "Bonjour,\n\nUn carnet que vous suivez, ou que vous suiviez, a changé de mains : à dix-huit ans, une"
            " personne est seule à ouvrir le sien. Carnet vous dit ce qui a changé pour vous.",
        ),
    },
    {
        Kind.EMERGENCY: "Le carnet d'une personne que vous représentez a été ouvert en urgence",
        Kind.RIGHTS: "Un droit d'accès a changé dans le carnet d'une personne que vous représentez",
        Kind.DOCUMENT: "Du nouveau dans le carnet d'une personne que vous représentez",
        Kind.CORRECTION: "Une correction dans le carnet d'une personne que vous représentez",
        Kind.FIRST_ACCESS: "Un premier accès au carnet d'une personne que vous représentez",
        Kind.WAITING: "Le carnet d'une personne que vous représentez a été mis à jour",
    },
    """

Pour le lire, connectez-vous à Carnet : {address}

Ce message ne contient aucune donnée de santé. N'y répondez pas.
Pour choisir ce dont vous êtes averti : {choices}

--
Carnet
""",
    Words(
        "Confirmez votre adresse",
        "Bonjour,\n\nQuelqu'un, vous sans doute, a demandé que Carnet écrive à cette adresse. Pour le confirmer, ouvrez"
        " ce lien dans les deux jours, sur l'appareil où vous êtes connecté à Carnet :\n\n{link}\n\nSi ce n'est"
        " pas vous, ne faites rien : nous n'écrirons plus.\n\n--\nCarnet\n",
    ),
    Words(
        "Une invitation de {by}",
        "Bonjour,\n\n{by} vous demande de l'aider dans Carnet. Pour lire sa demande, puis dire oui ou non, ouvrez ce"
        " lien dans les sept jours, et connectez-vous avec votre propre compte :\n\n{link}\n\nCe message ne contient"
        " aucune donnée de santé. N'y répondez pas. Si vous ne connaissez pas cette personne, ne faites rien."
        "\n\n--\nCarnet\n",
    ),
    Words(
        "Une invitation de {by}",
        "Bonjour,\n\n{by} vous invite à suivre avec elle ou lui, dans Carnet, le carnet d'un enfant que vous"
        " représentez tous les deux. Pour lire sa demande, puis répondre avec une preuve du lien, ouvrez ce"
        " lien dans les sept jours, et connectez-vous avec votre propre compte :\n\n{link}\n\nRien ne s'ouvre avant que"
        " la preuve ait été examinée. Ce message ne contient aucune donnée de santé. N'y répondez pas. Si vous ne"
        " connaissez pas cette personne, ne faites rien.\n\n--\nCarnet\n",
    ),
)
_ENGLISH: Final = Wording(
    {
        Kind.EMERGENCY: Words(
            "Your record was opened in an emergency",
            "Hello,\n\nA professional opened a record that you follow, in an emergency, and said why."
            " If you do not recognise this access, you can report it from your record.",
        ),
        Kind.RIGHTS: Words(
            "A right of access to your record has changed",
            "Hello,\n\nA right of access has changed in a record that you follow."
            " There you can read which one, and what you can decide.",
        ),
        Kind.DOCUMENT: Words(
            "Something new in your record", "Hello,\n\nThere is something new in a record that you follow."
        ),
        Kind.CORRECTION: Words(
            "A correction in your record", "Hello,\n\nSomething was corrected in a record that you follow."
        ),
        Kind.FIRST_ACCESS: Words(
            "A first access to your record",
            "Hello,\n\nOne or more professionals have read a record that you follow for the first time."
            " If you do not recognise this access, you can report it from your record.",
        ),
        Kind.WAITING: Words(
            "Your record was updated",
            "Hello,\n\nA record that you follow was updated. Speak of it with a professional, the attending doctor for"
            " example.",
        ),
        Kind.ALERT: Words("Something waits for you in Carnet", "Hello,\n\nSomething waits for you in Carnet."),
        Kind.APPS: Words(
            "The apps that you let in",
            "Hello,\n\nYou have let apps read a record, and they still may. See which ones, and put out those that you"
            " no longer use.",
        ),
        Kind.CARED: Words(
            "Something new in the record of somebody whom you help",
            "Hello,\n\nThere is something new or corrected in the record of somebody whom you help, among what they let"
            " you read.",
        ),
        Kind.SECURITY: Words(
            "A new sign-in to your account",
            "Hello,\n\nYour Carnet account was opened on a new device, or a passkey was added to it."
            " If it was you, there is nothing to do. If not, open the page “My devices” of your record and choose"
            " “This was not me”.",
        ),
        Kind.STOPPED: Words(
            "A sign-in to your account was stopped",
            "Hello,\n\nSomebody, most likely you, said of a sign-in to your Carnet account: “this is not me”."
            " It has ended, and the identity that opened it opens nothing until the support has decided."
            " If it was not you, call the support or go to a counter with an identity document.",
        ),
        Kind.SETTLED: Words(
            "The support has answered what you told us",
            "Hello,\n\nYou had said of a sign-in to your Carnet account: “this was not me”. The support has decided."
            " Try to sign in; if you cannot, go to a counter with an identity document.",
        ),
        Kind.ENTRANCE: Words(
            "A new way into your account",
            "Hello,\n\nAt the support, somebody asked for, confirmed or was given what opens your Carnet account, or"
            " follows it in your place. If it was you, there is nothing to do. If not, open the page “My devices” of"
            " your record to call off the code, and call the support.",
        ),
        Kind.ERASING: Words(
            "Erasing your record was asked for",
            "Hello,\n\nErasing your record was asked for. It is closed, and will be erased for ever in thirty days."
            " If it was you, there is nothing to do. If not, or if you change your mind, sign in to Carnet before that"
            " day to call it off, or go to a counter with an identity document.",
        ),
        Kind.ANSWER: Words(
            "A request has its answer",
            "Hello,\n\nA request to represent a child, which you made or allowed, has its answer."
            " You can read it in Carnet, on the page “Choose a record”.",
        ),
        Kind.GROWING: Words(
            "Eighteen soon: what will change",
            "Hello,\n\nA record that you follow changes hands soon: at eighteen, a person alone opens their own."
            " The page “Growing up” of the record says what changes, and when.",
        ),
        Kind.GROWN: Words(
            "Eighteen: what has changed",
            "Hello,\n\nA record that you follow, or followed, has changed hands: at eighteen, a person alone opens"
            " their own. Carnet tells you what has changed for you.",
        ),
    },
    {
        Kind.EMERGENCY: "The record of somebody whom you represent was opened in an emergency",
        Kind.RIGHTS: "A right of access has changed in the record of somebody whom you represent",
        Kind.DOCUMENT: "Something new in the record of somebody whom you represent",
        Kind.CORRECTION: "A correction in the record of somebody whom you represent",
        Kind.FIRST_ACCESS: "A first access to the record of somebody whom you represent",
        Kind.WAITING: "The record of somebody whom you represent was updated",
    },
    """

To read it, sign in to Carnet: {address}

This message holds no health data. Please do not reply to it.
To choose what you are told of: {choices}

--
Carnet
""",
    Words(
        "Confirm your address",
        "Hello,\n\nSomebody, most likely you, asked Carnet to write to this address. To confirm it, open this link"
        " within two days, on the device on which you are signed in to Carnet:\n\n{link}\n\nIf it was not you, do"
        " nothing: we will not write again.\n\n--\nCarnet\n",
    ),
    Words(
        "An invitation from {by}",
        "Hello,\n\n{by} asks you to help them in Carnet. To read what they ask, and to say yes or no, open this"
        " link within seven days, and sign in to your own account:\n\n{link}\n\nThis message holds no health data."
        " Please do not reply to it. If you do not know this person, do nothing.\n\n--\nCarnet\n",
    ),
    Words(
        "An invitation from {by}",
        "Hello,\n\n{by} invites you to follow with them, in Carnet, the record of a child whom you both represent."
        " To read what they ask, and to answer with a proof of the link, open this link within seven days, and sign in"
        " to your own account:\n\n{link}\n\nNothing opens before the proof has been examined. This message holds no"
        " health data. Please do not reply to it. If you do not know this person, do nothing.\n\n--\nCarnet\n",
    ),
)
_IN: Final = {FRENCH: _FRENCH, ENGLISH: _ENGLISH}
LANGUAGES: Final = frozenset(_IN)


_PAGES: Final = {
    **dict.fromkeys((Kind.SECURITY, Kind.STOPPED, Kind.SETTLED, Kind.ENTRANCE), "/appareils"),
    Kind.ERASING: "/carnet",
    Kind.ALERT: "/pro/",
    Kind.APPS: "/applications",
    **dict.fromkeys((Kind.ANSWER, Kind.GROWING, Kind.GROWN, Kind.CARED), COVERS),
}


def _by(subject: str, by: str) -> str:
    return subject.replace("de {by}", of(by).replace("{", "{{").replace("}", "}}")).format(by=by)


def words(kind: Kind, public_url: str, language: str = FRENCH, *, own: bool = True) -> Words:
    """`own`: about the reader's own record, rather than that of somebody whom they represent. Of the latter no mail
    says whose it is: the page does."""
    said = _wording(language)
    notice = said.notices[kind]
    page = _PAGES.get(kind, "/accueil") if own or kind not in said.others else COVERS
    choices = PROFESSIONAL_CHOICES if kind in OF_PROFESSIONALS else CHOICES
    signed = said.signed.format(address=public_url + page, choices=public_url + choices)
    subject = notice.subject if own else said.others.get(kind, notice.subject)
    return Words(subject, notice.text + signed)


def confirmation(link: str, language: str = FRENCH) -> Words:
    said = _wording(language).confirmation
    return Words(said.subject, said.text.format(link=link))


def invitation(by: str, link: str, language: str = FRENCH) -> Words:
    """The one mail that names a person: the given name of who asks (`by`), which its reader must know to answer."""
    said = _wording(language).invitation
    return Words(_by(said.subject, by), said.text.format(by=by, link=link))


def number_text(code: str, language: str = FRENCH) -> str:
    """Sent to a number to see that whoever is at the counter reads what comes there. Without accents: a text of one
    part."""
    if language == ENGLISH:
        return f"Carnet: your code is {code}. Read it to the person at the counter, and to nobody else."
    return f"Carnet : votre code est {code}. Lisez-le a la personne du guichet, et a elle seule."


def entry_text(groups: tuple[str, ...], host: str, until: date, language: str = FRENCH) -> str:
    """Without an address to press: one goes to it as one knows it. The code opens nothing without number and birth."""
    if language == ENGLISH:
        last = f"{until.day} {_MONTHS[until.month - 1]}"
        return (
            f"Carnet: your access code is {' '.join(groups)}. It works once, until {last}."
            f" On {host}, choose I was given a code. Give it to nobody."
        )
    day = f"{until:%d/%m}"
    return (
        f"Carnet : votre code d'acces est {' '.join(groups)}. Il sert une fois, jusqu'au {day}."
        f" Sur {host}, choisissez J'ai recu un code. Ne le donnez a personne."
    )


def parent_invitation(by: str, link: str, language: str = FRENCH) -> Words:
    """The same, to the other parent of a child."""
    said = _wording(language).parent
    return Words(_by(said.subject, by), said.text.format(by=by, link=link))


def _wording(language: str) -> Wording:
    return _IN.get(language, _FRENCH)
