"""What was done to documents, in words. The keys are the actions of the trail."""

from __future__ import annotations

from carnet.web.patient.act import Act
from carnet.web.words import marked

_READ = Act(
    marked("Vous avez lu un document"),
    marked("%(who)s a lu un document"),
    "eye",
    marked("Vous avez lu « %(title)s »"),
    marked("%(who)s a lu « %(title)s »"),
)
_DEPOSIT = Act(
    marked("Vous avez ajouté un document"),
    marked("%(who)s a déposé un document"),
    "upload",
    marked("Vous avez ajouté « %(title)s »"),
    marked("%(who)s a déposé « %(title)s »"),
)
ON_DOCUMENTS = {
    "documents-list": Act(
        marked("Vous avez consulté la liste de vos documents"),
        marked("%(who)s a consulté la liste de vos documents"),
        "files",
    ),
    "documents-search": Act(
        marked("Vous avez cherché dans vos documents"),
        marked("%(who)s a cherché dans vos documents"),
        "files",
    ),
    "entries-list": Act(
        marked("Vous avez consulté vos données de santé"),
        marked("%(who)s a consulté vos données de santé"),
        "files",
    ),
    "entries-search": Act(
        marked("Vous avez consulté vos données de santé avec un logiciel"),
        marked("%(who)s a consulté vos données de santé avec un logiciel"),
        "files",
    ),
    "everything-read": Act(
        marked("Vous avez récupéré votre carnet entier avec un logiciel"),
        marked("%(who)s a récupéré votre carnet entier avec un logiciel"),
        "files",
    ),
    "new-since-read": Act(
        marked("Vous avez demandé avec un logiciel ce qui est nouveau dans votre carnet"),
        marked("%(who)s a demandé avec un logiciel ce qui est nouveau dans votre carnet"),
        "files",
    ),
    "summary-read": Act(
        marked("Vous avez obtenu une synthèse de vos données de santé"),
        marked("%(who)s a obtenu une synthèse de vos données de santé"),
        "files",
    ),
    "summary-deposited": Act(
        marked("Vous avez établi une synthèse de vos données de santé pour la déposer"),
        marked("%(who)s a établi une synthèse de vos données de santé pour la déposer"),
        "files",
    ),
    "entry-stated": Act(
        marked("Vous avez noté une donnée de santé"), marked("%(who)s a noté une donnée de santé"), "file-text"
    ),
    "entry-amended": Act(
        marked("Vous avez corrigé une donnée de santé"), marked("%(who)s a corrigé une donnée de santé"), "file-text"
    ),
    "entry-retracted": Act(
        marked("Vous avez retiré une donnée de santé"), marked("%(who)s a retiré une donnée de santé"), "trash"
    ),
    "fact-reported": Act(
        marked("Vous avez signalé une erreur dans un document"),
        marked("%(who)s a signalé une erreur dans un document"),
        "flag",
        marked("Vous avez signalé une erreur dans « %(title)s »"),
        marked("%(who)s a signalé une erreur dans « %(title)s »"),
    ),
    "fact-report-taken-back": Act(
        marked("Vous avez retiré le signalement d'une erreur"),
        marked("%(who)s a retiré le signalement d'une erreur"),
        "flag",
        marked("Vous avez retiré le signalement d'une erreur dans « %(title)s »"),
        marked("%(who)s a retiré le signalement d'une erreur dans « %(title)s »"),
    ),
    "note-reported": Act(
        marked("Vous avez signalé une erreur dans la note d'un professionnel"),
        marked("%(who)s a signalé une erreur dans la note d'un professionnel"),
        "flag",
    ),
    "note-report-taken-back": Act(
        marked("Vous avez retiré le signalement d'une erreur dans la note d'un professionnel"),
        marked("%(who)s a retiré le signalement d'une erreur dans la note d'un professionnel"),
        "flag",
    ),
    "entries-extracted": Act(
        marked("Vous avez relevé les données de vos documents"),
        marked("%(who)s a relevé les données de vos documents"),
        "files",
    ),
    "entries-dropped": Act(
        marked("Vous avez retiré les données relevées dans vos documents"),
        marked("%(who)s a retiré les données relevées dans vos documents"),
        "files",
    ),
    "subscription-told": Act(
        marked("Votre logiciel a été averti d'un changement dans vos documents"),
        marked("%(who)s a été averti d'un changement dans vos documents"),
        "mail",
        marked("Votre logiciel a été averti d'un changement de « %(title)s »"),
        marked("%(who)s a été averti d'un changement de « %(title)s »"),
    ),
    "document-read": _READ,
    "document-open": _READ,
    "document-page": _READ,
    "document-deposit": _DEPOSIT,
    "document-deposit-again": Act(
        marked("Vous avez envoyé de nouveau un document déjà présent"),
        marked("%(who)s a envoyé de nouveau un document déjà présent"),
        "upload",
    ),
    "document-superseded": Act(
        marked("Vous avez remplacé un document par une version plus récente"),
        marked("%(who)s a remplacé un document par une version plus récente"),
        "upload",
        marked("Vous avez remplacé « %(title)s » par une version plus récente"),
        marked("%(who)s a remplacé « %(title)s » par une version plus récente"),
    ),
    "deposit-checked": Act(
        marked("Vous avez vérifié un envoi, sans rien enregistrer"),
        marked("%(who)s a vérifié un envoi, sans rien enregistrer"),
        "upload",
    ),
    "folders-changed": Act(
        marked("Vous avez rangé des documents dans un classeur"),
        marked("%(who)s a rangé des documents dans un classeur"),
        "files",
    ),
    "documents-reindexed": Act(
        marked("Vous avez refait l'index de votre carnet"),
        marked("%(who)s a refait l'index de votre carnet"),
        "files",
    ),
    "document-masked": Act(
        marked("Vous avez masqué un document aux professionnels"),
        marked("%(who)s a masqué un document aux professionnels"),
        "eye-off",
        marked("Vous avez masqué « %(title)s » aux professionnels"),
        marked("%(who)s a masqué « %(title)s » aux professionnels"),
    ),
    "document-unmasked": Act(
        marked("Vous avez rendu un document visible aux professionnels"),
        marked("%(who)s a rendu un document visible aux professionnels"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible aux professionnels"),
        marked("%(who)s a rendu « %(title)s » visible aux professionnels"),
    ),
    "document-hidden-from-patient": Act(
        marked("Vous avez différé l'annonce d'un document"),
        marked("%(who)s a différé l'annonce d'un document"),
        "eye-off",
        marked("Vous avez différé l'annonce de « %(title)s »"),
        marked("%(who)s a différé l'annonce de « %(title)s »"),
    ),
    "document-shown-to-patient": Act(
        marked("Vous avez rendu un document visible au patient"),
        marked("%(who)s vous a rendu un document visible"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible au patient"),
        marked("%(who)s vous a rendu « %(title)s » visible"),
    ),
    "document-hidden-from-representatives": Act(
        marked("Vous avez gardé un document secret pour vos représentants"),
        marked("%(who)s a gardé un document secret pour vos représentants"),
        "eye-off",
        marked("Vous avez gardé « %(title)s » secret pour vos représentants"),
        marked("%(who)s a gardé « %(title)s » secret pour vos représentants"),
    ),
    "document-shown-to-representatives": Act(
        marked("Vous avez rendu un document visible à vos représentants"),
        marked("%(who)s a rendu un document visible à vos représentants"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible à vos représentants"),
        marked("%(who)s a rendu « %(title)s » visible à vos représentants"),
    ),
    "document-classified": Act(
        marked("Vous avez changé le niveau de confidentialité d'un document"),
        marked("%(who)s a changé le niveau de confidentialité d'un document"),
        "lock",
        marked("Vous avez changé le niveau de confidentialité de « %(title)s »"),
        marked("%(who)s a changé le niveau de confidentialité de « %(title)s »"),
    ),
    "document-archived": Act(
        marked("Vous avez archivé un document"),
        marked("%(who)s a archivé un document"),
        "files",
        marked("Vous avez archivé « %(title)s »"),
        marked("%(who)s a archivé « %(title)s »"),
    ),
    "document-restored": Act(
        marked("Vous avez sorti un document des archives"),
        marked("%(who)s a sorti un document des archives"),
        "files",
        marked("Vous avez sorti « %(title)s » des archives"),
        marked("%(who)s a sorti « %(title)s » des archives"),
    ),
    "document-withdrawn": Act(
        marked("Vous avez retiré un document"),
        marked("%(who)s a retiré un document qui ne devait pas être dans votre carnet"),
        "upload",
    ),
    "document-place": Act(
        marked("Vous avez regardé où vous rangez un document"),
        marked("%(who)s a regardé où vous rangez un document"),
        "folder",
        marked("Vous avez regardé où vous rangez « %(title)s »"),
        marked("%(who)s a regardé où vous rangez « %(title)s »"),
    ),
    "folders-read": Act(
        marked("Vous avez regardé vos classeurs"),
        marked("%(who)s a regardé vos classeurs"),
        "folder",
    ),
    "shelf-changed": Act(
        marked("Vous avez rangé vos documents"),
        marked("%(who)s a rangé vos documents"),
        "folder",
        marked("Vous avez rangé « %(title)s »"),
        marked("%(who)s a rangé « %(title)s »"),
    ),
    "document-reported": Act(
        marked("Vous avez signalé un document qui n'est pas le vôtre"),
        marked("%(who)s a signalé un document qui n'est pas le vôtre"),
        "alert-triangle",
        marked("Vous avez signalé que « %(title)s » n'est pas le vôtre"),
        marked("%(who)s a signalé que « %(title)s » n'est pas le vôtre"),
    ),
    "document-report-taken-back": Act(
        marked("Vous avez repris un signalement"),
        marked("%(who)s a repris un signalement"),
        "files",
        marked("Vous avez repris le signalement de « %(title)s »"),
        marked("%(who)s a repris le signalement de « %(title)s »"),
    ),
    "readers-told": Act(
        marked("Vous avez consulté la liste des lecteurs d'un document retiré ou corrigé"),
        marked("%(who)s a consulté la liste des lecteurs d'un document retiré ou corrigé"),
        "users",
    ),
}
