"""Fixed words of the console: tasks of the queue, what operators do. The keys are the house's own names."""

from __future__ import annotations

from typing import Final

from carnet.web.i18n import gettext
from carnet.web.words import marked

TASKS: Final = {
    "announcements.notice": marked("Rappel à l'auteur d'un document"),
    "announcements.release": marked("Mise à disposition à la date prévue"),
    "apps.beat": marked("Signe de vie aux logiciels abonnés"),
    "apps.deliver": marked("Annonce aux logiciels abonnés"),
    "assertions.purge": marked("Ménage des jetons de logiciels"),
    "audit.partitions": marked("Préparation du journal des mois à venir"),
    "audit.seal": marked("Scellement du journal"),
    "documents.extract_text": marked("Lecture du texte des documents"),
    "drafts.end": marked("Fin des brouillons"),
    "health.read": marked("Lecture des données des documents"),
    "jobs.purge": marked("Ménage des tâches"),
    "records.open": marked("Ouverture d'un carnet annoncé"),
    "synthesis.end": marked("Fin des brouillons de synthèse"),
    "rights.erase": marked("Effacement d'un carnet"),
    "notify.apps": marked("Rappel des applications que des personnes ont laissées entrer"),
    "notify.carer": marked("Courriel d'invitation d'un aidant"),
    "notify.cared": marked("Nouveautés à annoncer aux aidants"),
    "notify.purge": marked("Ménage des SMS"),
    "notify.text": marked("Envoi d'un SMS"),
    "notify.confirm": marked("Courriel de confirmation d'une adresse"),
    "notify.first_access": marked("Recherche des premiers accès à annoncer"),
    "notify.growing": marked("Passage à dix-huit ans à annoncer"),
    "notify.send": marked("Envoi d'un courriel"),
    "people.purge": marked("Ménage des comptes"),
    "rights.end": marked("Fin des copies de carnets"),
    "rights.proofs": marked("Effacement des preuves sans réponse"),
    "rights.join": marked("Réunion de deux carnets"),
    "rights.export": marked("Copie d'un carnet"),
    "sessions.purge": marked("Ménage des sessions"),
    "throttle.purge": marked("Ménage des essais comptés"),
    "vault.passing": marked("Fin des contenus de passage"),
    "vault.sweep": marked("Ménage du coffre"),
}
ACTS: Final = {
    "account-deactivated": marked("Compte désactivé"),
    "account-looked-up": marked("Compte recherché"),
    "account-reactivated": marked("Compte réactivé"),
    "account-read": marked("Compte consulté"),
    "account-sessions-ended": marked("Sessions d'un compte fermées"),
    "app-let-in": marked("Application laissée lire un carnet"),
    "app-put-out": marked("Application arrêtée"),
    "app-allowed": marked("Application laissée entrer"),
    "app-withdrawn": marked("Application retirée"),
    "accounts-too-many": marked("Trop de recherches de comptes"),
    "disowned-closed": marked("Signalement d'une connexion classé"),
    "disowned-read": marked("Connexions signalées consultées"),
    "disowned-removed": marked("Identité signalée retirée d'un compte"),
    "disowned-restored": marked("Identité signalée rétablie"),
    "document-withdraw": marked("Retrait d'un document"),
    "document-withdrawn": marked("Document retiré d'un carnet"),
    "identities-read": marked("Identités à rapprocher consultées"),
    "identity-dismissed": marked("Identité laissée sans carnet"),
    "identity-linked": marked("Identité rapprochée d'un carnet"),
    "joinings-read": marked("Réunions de carnets consultées"),
    "joining-proposed": marked("Réunion de deux carnets proposée"),
    "joining-confirmed": marked("Réunion de deux carnets confirmée"),
    "joining-refused": marked("Réunion de deux carnets refusée"),
    "job-given-up": marked("Tâche abandonnée"),
    "job-tried-again": marked("Tâche relancée"),
    "jobs-read": marked("Tâches consultées"),
    "heirs-granted": marked("Demande d'un proche acceptée"),
    "heirs-refused": marked("Demande d'un proche refusée"),
    "entry-code-asked": marked("Code d'accès demandé"),
    "entry-code-confirmed": marked("Code d'accès confirmé"),
    "identity-asked": marked("Rapprochement d'une identité demandé"),
    "identity-confirmed": marked("Rapprochement d'une identité confirmé"),
    "guardian-asked": marked("Mesure de protection demandée"),
    "erasing-proposed": marked("Effacement d'un carnet à confirmer demandé"),
    "erasing-confirmed": marked("Effacement d'un carnet confirmé"),
    "traits-proposed": marked("Relecture d'une identité demandée"),
    "traits-confirmed": marked("Identité relue"),
    "second-looks-read": marked("Demandes à confirmer consultées"),
    "second-look-refused": marked("Demande à confirmer refusée"),
    "entry-code-given": marked("Code d'accès remis"),
    "entry-code-texted": marked("Code d'accès envoyé par SMS"),
    "entry-number-asked": marked("Numéro de portable vérifié par un code"),
    "life-looked-up": marked("État d'un carnet consulté"),
    "operators-read": marked("Journal de l'équipe consulté"),
    "family-looked-up": marked("Représentants d'une personne consultés"),
    "parent-case-read": marked("Demande d'un parent lue"),
    "parent-proof-read": marked("Preuve d'un parent examinée"),
    "parent-refused": marked("Demande d'un parent refusée"),
    "parents-read": marked("Demandes de parents consultées"),
    "publisher-accepted": marked("Logiciel accepté en production"),
    "publisher-refused": marked("Logiciel refusé en production"),
    "conformance-read": marked("Conformité d'un logiciel consultée"),
    "publishers-read": marked("Demandes d'éditeurs consultées"),
    "record-closed": marked("Carnet fermé à la demande de la personne"),
    "record-created": marked("Carnet créé à la demande de la personne"),
    "record-death-undone": marked("Décès annulé"),
    "record-deceased": marked("Décès enregistré"),
    "record-opposed": marked("Refus d'un carnet enregistré"),
    "record-resumed": marked("Fin d'une suspension"),
    "record-suspended": marked("Carnet suspendu"),
    "refusals-read": marked("Dépôts refusés consultés"),
    "report-settled": marked("Signalement traité"),
    "representation-added": marked("Représentant enregistré"),
    "representation-ended": marked("Fin d'une représentation enregistrée"),
    "review-closed": marked("Avis donné sur un accès"),
    "reports-read": marked("Signalements consultés"),
    "reviews-read": marked("Accès à vérifier consultés"),
    "sign-in": marked("Connexion"),
    "sign-in-confirmed": marked("Connexion confirmée"),
    "sign-out": marked("Déconnexion"),
}
_KINDS: Final = {
    "account": marked("Compte"),
    "client": marked("Logiciel"),
    "document": marked("Document"),
    "identity": marked("Identité"),
    "job": marked("Tâche"),
    "person": marked("Personne"),
    "professional": marked("Soignant"),
    "trail": marked("Journal"),
}


def task(name: str) -> str:
    return gettext(TASKS[name]) if name in TASKS else name


def act(action: str) -> str:
    return gettext(ACTS[action]) if action in ACTS else gettext("Autre acte")


def kind(target_kind: str) -> str:
    """Of what an act was about; "" for the record itself, which every line names without."""
    return gettext(_KINDS[target_kind]) if target_kind in _KINDS else ""
