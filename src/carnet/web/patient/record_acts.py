"""What was done to the record, its copies and its rights, in words. The keys are the actions of the trail."""

from __future__ import annotations

from dataclasses import replace

from carnet.web.patient.act import Act
from carnet.web.words import marked

ON_THE_RECORD = {
    "book-read": Act(
        marked("Vous avez ouvert la couverture du carnet"), marked("%(who)s a ouvert la couverture du carnet"), "id"
    ),
    "record-existence": Act(
        marked("Vous avez vérifié si vous avez un carnet, sans l'ouvrir"),
        marked("%(who)s a vérifié si vous avez un carnet, sans l'ouvrir"),
        "id",
    ),
    "subscription-made": Act(
        marked("Vous avez demandé à être averti des changements de votre carnet"),
        marked("%(who)s a demandé à être averti des changements de votre carnet"),
        "mail",
    ),
    "subscription-ended": Act(
        marked("Vous ne demandez plus à être averti des changements de votre carnet"),
        marked("%(who)s ne demande plus à être averti des changements de votre carnet"),
        "mail",
    ),
    "audit-show": Act(
        marked("Un exploitant du service a consulté la liste des accès à votre carnet"),
        marked("Un exploitant du service a consulté la liste des accès à votre carnet"),
        "shield-lock",
    ),
    "trail-read": Act(
        marked("Vous avez consulté la liste des accès"),
        marked("%(who)s a consulté la liste des accès"),
        "shield-lock",
    ),
    "account-looked-up": Act(
        marked("Vous avez vérifié l'état de votre compte"), marked("%(who)s a vérifié l'état de votre compte"), "user"
    ),
    "account-linked": Act(
        marked("Vous avez ouvert votre compte"), marked("%(who)s a ouvert le compte de ce carnet"), "key"
    ),
    "identity-linked": Act(
        marked("Vous avez rapproché votre identité de ce carnet"),
        marked("%(who)s a rapproché de ce carnet une identité de connexion, preuve vue"),
        "id",
    ),
    "account-disowned": Act(
        marked("Vous avez dit « ce n'est pas moi » d'une connexion à ce carnet"),
        marked("%(who)s a dit « ce n'est pas moi » d'une connexion à ce carnet"),
        "flag",
    ),
    "disowned-restored": Act(
        marked("Vous avez rétabli une identité de connexion"),
        marked("%(who)s a rétabli l'identité de connexion que vous aviez signalée"),
        "key",
    ),
    "disowned-removed": Act(
        marked("Vous avez retiré une identité de connexion"),
        marked("%(who)s a retiré de ce carnet l'identité de connexion signalée"),
        "lock",
    ),
    "disowned-closed": Act(
        marked("Vous avez classé un signalement de connexion"),
        marked("%(who)s a classé votre signalement d'une connexion"),
        "flag",
    ),
    "account-sessions-ended": Act(
        marked("Vous avez fermé vos sessions"), marked("%(who)s a fermé toutes vos sessions"), "logout"
    ),
    "account-deactivated": Act(
        marked("Vous avez désactivé votre compte"), marked("%(who)s a désactivé votre compte"), "lock"
    ),
    "account-reactivated": Act(
        marked("Vous avez réactivé votre compte"), marked("%(who)s a réactivé votre compte"), "key"
    ),
    "profile-arranged": Act(
        marked("Vous avez rangé la page de votre santé"),
        marked("%(who)s a rangé la page de votre santé"),
        "settings",
    ),
    "app-let-in": Act(
        marked("Vous avez laissé une application lire ce carnet"),
        marked("%(who)s a laissé une application lire ce carnet"),
        "id",
    ),
    "app-put-out": Act(
        marked("Vous avez arrêté une application qui lisait ce carnet"),
        marked("%(who)s a arrêté une application qui lisait ce carnet"),
        "id",
    ),
    "export-asked": Act(
        marked("Vous avez demandé une copie de votre carnet"),
        marked("%(who)s a demandé une copie de votre carnet"),
        "file-zip",
    ),
    "export-taken": Act(
        marked("Vous avez téléchargé une copie de votre carnet"),
        marked("%(who)s a tiré une copie de votre carnet, à vous remettre"),
        "file-zip",
    ),
    "export-dropped": Act(
        marked("Vous avez effacé la copie de votre carnet"),
        marked("%(who)s a effacé la copie de votre carnet"),
        "file-zip",
    ),
    "authorise": Act(
        marked("Vous avez autorisé un soignant"),
        marked("%(who)s a autorisé un soignant"),
        "key",
        you_named=marked("Vous avez autorisé : %(name)s"),
        other_named=marked("%(who)s a autorisé : %(name)s"),
    ),
    "withdraw": Act(
        marked("Vous avez retiré l'autorisation d'un soignant"),
        marked("%(who)s a retiré l'autorisation d'un soignant"),
        "lock",
        you_named=marked("Vous avez retiré une autorisation : %(name)s"),
        other_named=marked("%(who)s a retiré une autorisation : %(name)s"),
    ),
    "certificate-signed": Act(
        marked("Vous avez fait un certificat de vaccination"),
        marked("%(who)s a fait un certificat de vaccination"),
        "file-certificate",
    ),
    "document-handed": Act(
        marked("Vous avez partagé une synthèse avec un soignant choisi"),
        marked("%(who)s a partagé une synthèse avec un soignant choisi"),
        "users",
    ),
    "document-taken-back": Act(
        marked("Vous avez repris une synthèse que vous partagiez"),
        marked("%(who)s a repris une synthèse qui était partagée"),
        "arrow-back-up",
    ),
    "handed-read": Act(
        marked("Vous avez regardé avec qui vous partagez votre synthèse"),
        marked("%(who)s a regardé avec qui votre synthèse est partagée"),
        "users",
    ),
    "block": Act(
        marked("Vous avez bloqué un soignant"),
        marked("%(who)s a bloqué un soignant"),
        "lock",
        you_named=marked("Vous avez bloqué : %(name)s"),
        other_named=marked("%(who)s a bloqué : %(name)s"),
    ),
    "unblock": Act(
        marked("Vous avez débloqué un soignant"),
        marked("%(who)s a débloqué un soignant"),
        "lock",
        you_named=marked("Vous avez débloqué : %(name)s"),
        other_named=marked("%(who)s a débloqué : %(name)s"),
    ),
    "choose-emergency": Act(
        marked("Vous avez changé vos choix en cas d'urgence"),
        marked("%(who)s a changé vos choix en cas d'urgence"),
        "ambulance",
    ),
    "mask-add": Act(
        marked("Vous avez masqué des documents par une règle"),
        marked("%(who)s a masqué des documents par une règle"),
        "eye-off",
    ),
    "mask-end": Act(
        marked("Vous avez mis fin à une règle qui masquait des documents"),
        marked("%(who)s a mis fin à une règle qui masquait des documents"),
        "eye",
    ),
    "masks-read": Act(
        marked("Vous avez consulté ce que vous masquez"),
        marked("%(who)s a consulté ce que vous masquez"),
        "shield-lock",
    ),
    "confidentiality-read": Act(
        marked("Vous avez consulté vos réglages de confidentialité"),
        marked("%(who)s a consulté vos réglages de confidentialité"),
        "shield-lock",
    ),
    "preview": Act(
        marked("Vous avez regardé votre carnet comme quelqu'un d'autre le voit"),
        marked("%(who)s a regardé votre carnet comme quelqu'un d'autre le voit"),
        "eye",
        marked("Vous avez regardé qui voit « %(title)s »"),
        marked("%(who)s a regardé qui voit « %(title)s »"),
    ),
    # What the settings say of each reader: part of having read them.
    "preview-counts": Act(
        marked("Vous avez consulté vos réglages de confidentialité"),
        marked("%(who)s a consulté vos réglages de confidentialité"),
        "shield-lock",
    ),
    "emergencies-seen": Act(
        marked("Vous avez pris connaissance des accès en urgence à votre carnet"),
        marked("%(who)s a pris connaissance des accès en urgence à votre carnet"),
        "ambulance",
    ),
    "declare": Act(
        marked("Vous avez dit que la personne est d'accord"),
        marked("%(who)s a dit que vous êtes d'accord pour lui ouvrir votre carnet"),
        "key",
    ),
    "break-glass": Act(
        marked("Vous avez ouvert ce carnet en urgence"),
        marked("%(who)s a ouvert votre carnet en urgence"),
        "ambulance",
    ),
    "access-disputed": Act(
        marked("Vous avez contesté un accès à votre carnet"),
        marked("%(who)s a contesté un accès à votre carnet"),
        "flag",
        you_named=marked("Vous avez contesté l'accès de %(name)s"),
        other_named=marked("%(who)s a contesté l'accès de %(name)s"),
    ),
    "disputes-read": Act(
        marked("Vous avez regardé où en sont vos contestations"),
        marked("%(who)s a regardé où en sont vos contestations"),
        "flag",
    ),
    "review-closed": Act(
        marked("Un accès à votre carnet a été vérifié"),
        marked("%(who)s a vérifié un accès à votre carnet"),
        "circle-check",
        other_named=marked("%(who)s a vérifié l'accès de %(name)s"),
    ),
    "standing-read": Act(
        marked("Vous avez vérifié ce que vous pouvez faire, sans rien lire"),
        marked("%(who)s a vérifié ses droits sur votre carnet, sans rien lire"),
        "id",
    ),
    "attending": Act(
        marked("Votre médecin traitant a été enregistré"),
        marked("Votre médecin traitant a été enregistré"),
        "stethoscope",
        named=marked("L'Assurance Maladie a enregistré %(name)s comme votre médecin traitant"),
    ),
    "block-ended": Act(
        marked("Le blocage de votre médecin traitant prend fin : la loi lui donne accès à votre carnet"),
        marked("Le blocage de votre médecin traitant prend fin : la loi lui donne accès à votre carnet"),
        "key",
        named=marked(
            "Le blocage de %(name)s prend fin : c'est votre médecin traitant, et la loi lui donne accès à votre carnet"
        ),
    ),
    "block-to-end": Act(
        marked("Le blocage de votre futur médecin traitant prendra fin : la loi lui donnera accès à votre carnet"),
        marked("Le blocage de votre futur médecin traitant prendra fin : la loi lui donnera accès à votre carnet"),
        "key",
        named=marked(
            "Le blocage de %(name)s prendra fin le %(day)s : ce sera votre médecin traitant,"
            " et la loi lui donnera accès à votre carnet"
        ),
    ),
    "attending-ended": Act(
        marked("Votre médecin traitant ne l'est plus"),
        marked("Votre médecin traitant ne l'est plus"),
        "stethoscope",
        named=marked("%(name)s n'est plus votre médecin traitant"),
    ),
    "representation-added": Act(
        marked("Un représentant a été enregistré"), marked("Un représentant a été enregistré"), "users"
    ),
    "representation-ended": Act(
        marked("Un représentant a cessé de l'être"), marked("Un représentant a cessé de l'être"), "users"
    ),
    "parents-read": Act(
        marked("Vous avez regardé qui représente"), marked("%(who)s a regardé qui vous représente"), "users"
    ),
    "parent-invited": Act(
        marked("Vous avez invité l'autre parent"), marked("%(who)s a invité l'autre parent à vous représenter"), "users"
    ),
    "parent-cancelled": Act(
        marked("Vous avez annulé l'invitation de l'autre parent"),
        marked("%(who)s a annulé l'invitation de l'autre parent"),
        "users",
    ),
    "parent-answered": Act(
        marked("Vous avez donné une preuve pour représenter cet enfant"),
        marked("%(who)s a donné une preuve pour vous représenter : elle attend d'être examinée"),
        "users",
    ),
    "parent-declined": Act(
        marked("Vous avez refusé de représenter cet enfant"), marked("%(who)s a refusé de vous représenter"), "users"
    ),
    "parent-took-back": Act(
        marked("Vous avez retiré votre demande de représenter cet enfant"),
        marked("%(who)s a retiré sa demande de vous représenter"),
        "users",
    ),
    "parent-case-read": Act(
        marked("Vous avez lu une demande de représentation"),
        marked("%(who)s a lu une demande de représentation, sans ouvrir votre carnet"),
        "users",
    ),
    "parent-proof-read": Act(
        marked("Vous avez examiné une preuve de filiation"),
        marked("%(who)s a examiné une preuve de filiation, sans ouvrir votre carnet"),
        "file-text",
    ),
    "parent-refused": Act(
        marked("Vous avez refusé une demande de représentation"),
        marked("%(who)s a refusé une demande de représentation"),
        "lock",
    ),
    "parent-expired": Act(
        marked("Une demande de représentation est restée sans réponse : la preuve est effacée"),
        marked("Une demande de représentation est restée sans réponse : la preuve est effacée"),
        "users",
    ),
    "family-looked-up": Act(
        marked("Vous avez vérifié qui représente cette personne"),
        marked("%(who)s a vérifié qui vous représente, sans ouvrir votre carnet"),
        "users",
    ),
    "child-agrees": Act(
        marked("Vous avez dit que votre enfant est d'accord"),
        marked("%(who)s a dit que vous êtes d'accord avec ce qui suit"),
        "user",
    ),
    "child-against": Act(
        marked("Vous avez dit que votre enfant n'est pas d'accord"),
        marked("%(who)s a dit que vous n'êtes pas d'accord avec ce qui suit"),
        "user",
    ),
    "child-unasked": Act(
        marked("Vous avez dit que votre enfant n'a pas été consulté"),
        marked("%(who)s a dit ne pas avoir pu vous demander votre accord pour ce qui suit"),
        "user",
    ),
    "carer-invited": Act(
        marked("Vous avez invité quelqu'un à vous aider"), marked("%(who)s a invité quelqu'un à vous aider"), "users"
    ),
    "carer-cancelled": Act(
        marked("Vous avez annulé une invitation"), marked("%(who)s a annulé une invitation"), "users"
    ),
    "carer-accepted": Act(
        marked("Vous avez accepté d'aider"), marked("%(who)s a accepté de vous aider"), "circle-check"
    ),
    "carer-refused": Act(marked("Vous avez refusé d'aider"), marked("%(who)s a refusé de vous aider"), "users"),
    "carer-changed": Act(
        marked("Vous avez changé ce que peut faire un aidant"),
        marked("%(who)s a changé ce que peut faire un aidant"),
        "users",
    ),
    "carer-ended": Act(
        marked("Vous avez mis fin à l'accès d'un aidant"), marked("%(who)s a mis fin à l'accès d'un aidant"), "lock"
    ),
    "carer-left": Act(marked("Vous avez cessé d'aider"), marked("%(who)s a cessé de vous aider"), "lock"),
    "carers-read": Act(
        marked("Vous avez regardé la liste de vos aidants"),
        marked("%(who)s a regardé la liste de vos aidants"),
        "users",
    ),
    "carer-added": Act(marked("Un aidant a été enregistré"), marked("Un aidant a été enregistré"), "users"),
    "record-unopened": Act(marked("Votre carnet a été créé"), marked("Votre carnet a été créé"), "circle-check"),
    "record-active": Act(marked("Votre carnet a été activé"), marked("Votre carnet a été activé"), "circle-check"),
    "number-changed": Act(
        marked("Votre matricule INS a été remplacé"), marked("Votre matricule INS a été remplacé"), "id"
    ),
    "traits-completed": Act(
        marked("Votre identité a été complétée d'après un document de soin"),
        marked("Votre identité a été complétée d'après un document de soin"),
        "id",
    ),
    "documents-joined": Act(
        marked("Les documents de votre autre carnet ont été réunis à celui-ci"),
        marked("Les documents de votre autre carnet ont été réunis à celui-ci"),
        "files",
    ),
    "record-joined": Act(
        marked("Ce carnet a été réuni à un autre"), marked("Ce carnet a été réuni à un autre"), "files"
    ),
    "entry-code-asked": Act(
        marked("Un code d'accès a été demandé à un guichet"),
        marked("%(who)s a demandé un code d'accès à votre carnet : un collègue doit confirmer"),
        "key",
    ),
    "entry-code-confirmed": Act(
        marked("Un code d'accès a été confirmé par un second membre de l'équipe"),
        marked("%(who)s a confirmé qu'un code d'accès vous soit remis"),
        "key",
    ),
    "identity-asked": Act(
        marked("Un autre moyen de connexion à votre compte a été demandé à un guichet"),
        marked(
            "%(who)s a demandé de rattacher un autre moyen de connexion à votre compte : un collègue doit confirmer"
        ),
        "key",
    ),
    "identity-confirmed": Act(
        marked("Un autre moyen de connexion a été confirmé par un second membre de l'équipe"),
        marked("%(who)s a confirmé qu'un autre moyen de connexion soit rattaché à votre compte"),
        "key",
    ),
    "erasing-proposed": Act(
        marked("L'effacement de votre carnet a été demandé à un guichet"),
        marked("%(who)s a demandé l'effacement de votre carnet à un guichet : un collègue doit confirmer"),
        "trash",
    ),
    "erasing-confirmed": Act(
        marked("L'effacement a été confirmé par un second membre de l'équipe"),
        marked("%(who)s a confirmé que l'effacement de votre carnet soit enregistré"),
        "trash",
    ),
    "traits-proposed": Act(
        marked("Votre identité, écrite à un guichet, attend d'être relue"),
        marked("%(who)s a écrit votre identité à un guichet : un collègue doit la relire"),
        "user",
    ),
    "traits-confirmed": Act(
        marked("Votre identité a été relue par un second membre de l'équipe"),
        marked("%(who)s a relu votre identité, pièce vue"),
        "user",
    ),
    "guardian-asked": Act(
        marked("Une mesure de protection a été demandée"),
        marked("%(who)s a demandé l'enregistrement d'une mesure de protection : un collègue doit confirmer"),
        "users",
    ),
    "entry-code-given": Act(
        marked("Un code d'accès vous a été remis"), marked("%(who)s vous a remis un code d'accès à votre carnet"), "key"
    ),
    "entry-code-texted": Act(
        marked("Un code d'accès vous a été envoyé par SMS"),
        marked("%(who)s vous a envoyé par SMS un code d'accès à votre carnet"),
        "key",
    ),
    "entry-number-asked": Act(
        marked("Un code a vérifié votre numéro de portable"),
        marked("%(who)s a vérifié un numéro de portable, pour vous envoyer un code d'accès"),
        "id",
    ),
    "entry-code-called-off": Act(
        marked("Vous avez annulé un code d'accès"),
        marked("%(who)s a annulé un code d'accès à votre carnet"),
        "lock",
    ),
    "entry-code-tried": Act(
        marked("Un code d'accès a été essayé"), marked("Un code d'accès à votre carnet a été essayé"), "key"
    ),
    "entry-code-used": Act(
        marked("Un code d'accès a ouvert votre carnet"), marked("Un code d'accès a ouvert votre carnet"), "key"
    ),
    "record-closed": Act(marked("Votre carnet a été fermé"), marked("Votre carnet a été fermé"), "lock"),
    "record-informed": Act(marked("Votre carnet a été annoncé"), marked("Votre carnet a été annoncé"), "mail"),
    "record-created": Act(
        marked("Vous avez demandé votre carnet"), marked("%(who)s a créé votre carnet à votre demande"), "circle-check"
    ),
    "record-reopened": Act(marked("Vous avez rouvert votre carnet"), marked("Votre carnet a été rouvert"), "key"),
    "record-erasing-asked": Act(
        marked("Vous avez demandé l'effacement de votre carnet"),
        marked("%(who)s a demandé l'effacement de votre carnet"),
        "trash",
    ),
    "record-erasing-withdrawn": Act(
        marked("Vous avez annulé l'effacement de votre carnet"),
        marked("%(who)s a annulé l'effacement de votre carnet"),
        "arrow-back-up",
    ),
    "record-erased": Act(marked("Votre carnet a été effacé"), marked("Votre carnet a été effacé"), "trash"),
    "record-suspended": Act(marked("Votre carnet a été suspendu"), marked("%(who)s a suspendu votre carnet"), "lock"),
    "record-resumed": Act(
        marked("La suspension de votre carnet a pris fin"),
        marked("%(who)s a mis fin à la suspension de votre carnet"),
        "key",
    ),
    "record-deceased": Act(marked("Un décès a été enregistré"), marked("%(who)s a enregistré un décès"), "lock"),
    "record-death-undone": Act(
        marked("Un décès enregistré par erreur a été annulé"),
        marked("%(who)s a annulé un décès enregistré par erreur"),
        "key",
    ),
    "heirs-granted": Act(
        marked("La demande d'un proche a été acceptée"), marked("%(who)s a accepté la demande d'un proche"), "users"
    ),
    "heirs-refused": Act(
        marked("La demande d'un proche a été refusée"), marked("%(who)s a refusé la demande d'un proche"), "users"
    ),
    "opposition-tried": Act(
        marked("Un refus de votre carnet a été tenté avec le code de la lettre"),
        marked("Un refus de votre carnet a été tenté avec le code de la lettre"),
        "mail",
    ),
    "life-read": Act(
        marked("Vous avez regardé où en est votre carnet"), marked("%(who)s a regardé où en est votre carnet"), "id"
    ),
    "life-looked-up": Act(
        marked("Vous avez vérifié l'état de votre carnet"),
        marked("%(who)s a vérifié l'état de votre carnet, sans l'ouvrir"),
        "id",
    ),
    "uses-read": Act(
        marked("Vous avez consulté les usages que vous acceptez"),
        marked("%(who)s a consulté les usages que vous acceptez"),
        "shield-lock",
    ),
    "uses-chosen": Act(
        marked("Vous avez choisi les usages que vous acceptez"),
        marked("%(who)s a choisi les usages que vous acceptez"),
        "shield-lock",
    ),
    "record-opposed": Act(
        marked("Votre refus du carnet a été enregistré"),
        marked("Votre refus du carnet a été enregistré"),
        "lock",
    ),
    "alert-read": Act(
        marked("Vous avez été averti d'un accès en urgence"),
        marked("%(who)s a été averti d'un accès en urgence à votre carnet"),
        "ambulance",
    ),
    "alert-seen": Act(
        marked("Vous avez noté un accès en urgence comme vu"),
        marked("%(who)s a noté comme vu un accès en urgence à votre carnet"),
        "ambulance",
    ),
}

_DISPUTED = {
    "emergency": replace(
        ON_THE_RECORD["access-disputed"],
        you_named=marked("Vous avez contesté une ouverture en urgence par %(name)s"),
        other_named=marked("%(who)s a contesté une ouverture en urgence par %(name)s"),
    ),
    "regulation": replace(
        ON_THE_RECORD["access-disputed"],
        you_named=marked("Vous avez contesté une ouverture pour le Samu (15) par %(name)s"),
        other_named=marked("%(who)s a contesté une ouverture pour le Samu (15) par %(name)s"),
    ),
    "attempt": replace(
        ON_THE_RECORD["access-disputed"],
        you_named=marked("Vous avez contesté une tentative d'accès de %(name)s"),
        other_named=marked("%(who)s a contesté une tentative d'accès de %(name)s"),
    ),
    "deposit": replace(
        ON_THE_RECORD["access-disputed"],
        you_named=marked("Vous avez contesté un dépôt de %(name)s"),
        other_named=marked("%(who)s a contesté un dépôt de %(name)s"),
    ),
    "none": replace(
        ON_THE_RECORD["access-disputed"],
        you_named=marked("Vous avez dit ne pas connaître %(name)s"),
        other_named=marked("%(who)s a dit ne pas connaître %(name)s"),
    ),
}
"""What was disputed, where it was not that somebody read the record."""

_ANSWERED = {
    "justified": replace(
        ON_THE_RECORD["review-closed"],
        other_named=marked("%(who)s a vérifié l'accès de %(name)s : il était justifié"),
    ),
    "unjustified": replace(
        ON_THE_RECORD["review-closed"],
        other_named=marked("%(who)s a vérifié l'accès de %(name)s : il n'était pas justifié"),
    ),
}

BY_DETAIL = {"access-disputed": _DISPUTED, "review-closed": _ANSWERED}
"""What the detail of a line makes more of its act."""
