"""The public catalogue of the errors of the FHIR door: stable code, HTTP status, words, remedy.

Codes are never renamed: programs rely on them. Rules come from PDSm, MHD and PDSm4DMP (interoperability
reference, a.3, a.7 and g).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from carnet.formats.fhir.outcome import FhirError, Issue

__all__ = ["CATALOGUE", "Problem", "failure", "issue", "problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`issue` is the FHIR issue type; `xds` the XDS error code that says the same, or ""."""

    code: str
    status: int
    issue: str
    text_fr: str
    remedy_fr: str
    severity: str = "error"
    xds: str = ""


_METADATA = "XDSRepositoryMetadataError"

_PROBLEMS: Final = (
    # The body as such.
    Problem(
        "not-json",
        400,
        "structure",
        "Le corps de la requête n’est pas du JSON lisible.",
        "Envoyez une ressource FHIR R4 en JSON, encodée en UTF-8.",
    ),
    Problem(
        "not-a-resource",
        400,
        "structure",
        "Le corps de la requête n’est pas une ressource FHIR.",
        "Envoyez un objet JSON avec l’élément resourceType.",
    ),
    Problem(
        "wrong-resource-type",
        400,
        "invalid",
        "La ressource n’est pas du type attendu à cette adresse.",
        "Envoyez une ressource du type indiqué.",
    ),
    # One element.
    Problem("required", 422, "required", "Un élément obligatoire manque.", "Ajoutez cet élément.", xds=_METADATA),
    Problem(
        "forbidden-element",
        422,
        "business-rule",
        "Cet élément est interdit ici.",
        "Retirez cet élément.",
        xds=_METADATA,
    ),
    Problem(
        "too-many",
        422,
        "structure",
        "Cet élément est répété trop de fois.",
        "Gardez-en un seul.",
        xds=_METADATA,
    ),
    Problem(
        "value-type",
        422,
        "value",
        "La valeur n’est pas du type attendu.",
        "Corrigez le type de cette valeur selon FHIR R4.",
        xds=_METADATA,
    ),
    Problem(
        "value-characters",
        422,
        "value",
        "Le texte est vide ou contient des caractères de contrôle.",
        "Écrivez un texte sans caractères de contrôle.",
        xds=_METADATA,
    ),
    Problem("value-too-long", 422, "too-long", "Le texte est trop long.", "Raccourcissez ce texte.", xds=_METADATA),
    Problem(
        "value-date",
        422,
        "value",
        "La date n’est pas une date FHIR.",
        "Écrivez par exemple 2026-06-12T10:00:00+02:00.",
        xds=_METADATA,
    ),
    Problem(
        "value-base64",
        422,
        "value",
        "Le contenu n’est pas du base64 lisible.",
        "Encodez les octets en base64 ordinaire, avec son remplissage.",
        xds=_METADATA,
    ),
    Problem(
        "modifier-not-supported",
        422,
        "extension",
        "Un élément change le sens de la ressource et n’est pas connu.",
        "Retirez modifierExtension ou implicitRules.",
    ),
    # The document.
    Problem(
        "status-not-current",
        422,
        "business-rule",
        "Un document se publie avec le statut current.",
        "Écrivez status = current.",
        xds=_METADATA,
    ),
    Problem(
        "master-identifier-form",
        422,
        "value",
        "L’identifiant du document n’a pas une forme connue.",
        "Écrivez system = urn:ietf:rfc:3986 et value = urn:oid:… ou urn:uuid:…, "
        "ou system = urn:oid:RACINE et value = l’extension.",
        xds="XDSDocumentUniqueIdError",
    ),
    Problem(
        "master-identifier-unusual",
        200,
        "value",
        "L’identifiant du document n’est pas un UUID correct ; il est gardé tel quel.",
        "Employez un UUID ou un OID.",
        severity="warning",
    ),
    Problem(
        "entry-uuid-given",
        200,
        "informational",
        "L’identifiant entryUUID est attribué par le serveur ; celui qui est donné n’est pas repris.",
        "Retirez l’identifiant de type entryUUID.",
        severity="warning",
    ),
    Problem(
        "type-unknown",
        422,
        "code-invalid",
        "Ce type de document n’est pas connu.",
        "Employez un code du jeu de valeurs JDV_J66 (ou JDV_J07) avec son système.",
        xds=_METADATA,
    ),
    Problem(
        "class-derived",
        200,
        "informational",
        "La classe du document est déduite de son type ; celle qui est donnée diffère.",
        "Employez la classe qui correspond au type (ASS_X16).",
        severity="warning",
    ),
    Problem(
        "subject-form",
        422,
        "value",
        "Le patient n’est pas désigné d’une manière connue.",
        "Écrivez subject.reference = Patient/ID ou Patient?identifier=SYSTÈME|INS, ou subject.identifier.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "ins-invalid",
        422,
        "value",
        "L’identifiant du patient n’est pas un matricule INS correct.",
        "Vérifiez le système (OID) et les 15 caractères du matricule.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "ins-key",
        200,
        "value",
        "La clé du matricule INS ne correspond pas au matricule.",
        "Vérifiez le matricule auprès d’INSi.",
        severity="warning",
    ),
    Problem(
        "patient-mismatch",
        422,
        "conflict",
        "Le patient source et le patient du document sont deux personnes différentes.",
        "Mettez le même matricule INS dans subject et dans context.sourcePatientInfo.",
        xds="XDSPatientIdDoesNotMatch",
    ),
    Problem(
        "author-unresolved",
        200,
        "not-found",
        "Cette référence ne mène à aucune ressource contenue ; la personne reste inconnue.",
        "Ajoutez la ressource dans contained et référencez-la par #id.",
        severity="warning",
    ),
    Problem(
        "custodian-missing",
        200,
        "required",
        "L’organisme conservateur manque ; il est déduit de l’auteur quand c’est possible.",
        "Ajoutez custodian, obligatoire dans PDSm.",
        severity="warning",
    ),
    Problem(
        "label-unknown",
        422,
        "code-invalid",
        "Cette étiquette de confidentialité n’est pas connue.",
        "Employez N, R, V, MASQUE_PS, INVISIBLE_PATIENT ou INVISIBLE_REPRESENTANTS_LEGAUX.",
        xds=_METADATA,
    ),
    Problem(
        "labels-exclusive",
        422,
        "business-rule",
        "Un document ne peut être à la fois masqué aux professionnels et invisible au patient.",
        "Gardez une seule des deux étiquettes.",
        xds=_METADATA,
    ),
    Problem(
        "size-wrong",
        422,
        "business-rule",
        "La taille annoncée n’est pas celle du document.",
        "Indiquez dans attachment.size le nombre d’octets du document avant base64, ou retirez cet élément.",
        xds="XDSNonIdenticalSize",
    ),
    Problem(
        "hash-wrong",
        422,
        "business-rule",
        "L’empreinte annoncée n’est pas celle du document.",
        "Indiquez dans attachment.hash le SHA-1 des octets du document, en base64, ou retirez cet élément.",
        xds="XDSNonIdenticalHash",
    ),
    Problem(
        "document-empty",
        422,
        "required",
        "Le document est vide.",
        "Mettez les octets du document, en base64, dans attachment.data.",
        xds="XDSMissingDocument",
    ),
    Problem(
        "relation-not-processed",
        200,
        "not-supported",
        "Seule la relation replaces est traitée ; cette relation n’est pas gardée.",
        "Employez relatesTo.code = replaces, ou publiez sans relation.",
        severity="warning",
        xds="PartialRelationContentNotProcessed",
    ),
    Problem(
        "element-not-kept",
        200,
        "informational",
        "Cet élément n’est pas gardé.",
        "Mettez l’information dans un élément du profil PDSm.",
        severity="warning",
        xds="XDSExtraMetadataNotSaved",
    ),
    Problem(
        "content-refused",
        422,
        "business-rule",
        "Le contenu du document est refusé.",
        "Envoyez un document d’un format accepté, sans chiffrement ni contenu actif.",
        xds=_METADATA,
    ),
    # The record.
    Problem(
        "patient-unknown",
        404,
        "not-found",
        "Aucun dossier ne correspond à ce patient.",
        "Vérifiez l’identifiant du patient et son système.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "record-not-open",
        422,
        "business-rule",
        "Ce dossier n’accepte pas de document : il est fermé, ou la personne s’y est opposée.",
        "N’envoyez pas de document dans ce dossier.",
        xds="XDSUnknownPatientId",
    ),
    Problem(
        "unique-id-used",
        409,
        "duplicate",
        "Cet identifiant de document ne peut pas être utilisé.",
        "Donnez au document un identifiant nouveau.",
        xds="XDSNonIdenticalHash",
    ),
    Problem(
        "replaced-unknown",
        422,
        "not-found",
        "Le document à remplacer n’est pas connu.",
        "Vérifiez la cible de relatesTo.",
        xds="UnresolvedReferenceException",
    ),
    Problem(
        "replaced-superseded",
        422,
        "conflict",
        "Le document à remplacer l’a déjà été.",
        "Remplacez la version actuelle.",
        xds="XDSRegistryDeprecatedDocumentError",
    ),
    Problem(
        "replaced-other-patient",
        422,
        "conflict",
        "Le document à remplacer est celui d’un autre patient.",
        "Vérifiez la cible de relatesTo et le patient.",
        xds="XDSPatientIdDoesNotMatch",
    ),
    # Searches.
    Problem(
        "search-patient-required",
        400,
        "required",
        "La recherche doit désigner un patient.",
        "Ajoutez patient=ID ou patient.identifier=SYSTÈME|VALEUR.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-identifier-required",
        400,
        "required",
        "La recherche d’un patient demande son identifiant complet.",
        "Ajoutez identifier=SYSTÈME|INS.",
        xds="XDSStoredQueryMissingParam",
    ),
    Problem(
        "search-parameter",
        400,
        "not-supported",
        "Ce paramètre de recherche n’est pas pris en charge.",
        "Retirez-le, ou demandez Prefer: handling=lenient.",
        xds="XDSStoredQueryParamNumber",
    ),
    Problem(
        "search-value",
        400,
        "value",
        "La valeur de ce paramètre de recherche n’est pas lisible.",
        "Corrigez la valeur selon FHIR R4.",
    ),
    # The request.
    Problem("login", 401, "login", "Il faut s’authentifier.", "Joignez un jeton d’accès valide."),
    Problem(
        "purpose-unknown",
        400,
        "value",
        "Ce motif d’accès n’existe pas.",
        "Écrivez dans X-Carnet-Purpose : care, deposit, emergency…",
    ),
    Problem(
        "reason-required",
        400,
        "required",
        "Un accès en urgence demande une raison en mots.",
        "Ajoutez l’en-tête X-Carnet-Reason : la personne la lira.",
    ),
    Problem(
        "forbidden",
        403,
        "forbidden",
        "Vous n’avez pas ce droit.",
        "Vérifiez vos droits et votre motif d’accès.",
    ),
    Problem("not-found", 404, "not-found", "Cette ressource n’existe pas.", "Vérifiez l’adresse."),
    Problem(
        "not-allowed",
        405,
        "not-supported",
        "Cette méthode n’est pas possible ici.",
        "Consultez la déclaration de capacités.",
    ),
    Problem(
        "not-acceptable",
        406,
        "not-supported",
        "Ce format de réponse n’est pas servi.",
        "Demandez application/fhir+json.",
    ),
    Problem(
        "too-large",
        413,
        "too-long",
        "Le document dépasse la taille acceptée.",
        "Envoyez un document plus petit.",
    ),
    Problem(
        "media-type",
        415,
        "not-supported",
        "Ce format de requête n’est pas lu.",
        "Envoyez application/fhir+json.",
    ),
    Problem(
        "busy",
        503,
        "throttled",
        "Le service est occupé.",
        "Réessayez après le délai indiqué par Retry-After.",
    ),
    Problem("internal", 500, "exception", "Une erreur interne est survenue.", "Réessayez plus tard."),
)

CATALOGUE: Final[Mapping[str, Problem]] = MappingProxyType({each.code: each for each in _PROBLEMS})


def problem(code: str) -> Problem:
    return CATALOGUE[code]


def issue(code: str, *, expression: str = "", detail: str = "", severity: str = "", xds: str = "") -> Issue:
    """An issue of the catalogue; `detail` (French, without content of the document) precedes the remedy."""
    known = CATALOGUE[code]
    level = severity or known.severity
    return Issue(
        severity=level,
        code=known.issue,
        details_code=code,
        diagnostics=f"{detail} {known.remedy_fr}".strip(),
        expression=expression,
        text=known.text_fr,
        xds=xds or known.xds,
        # A warning that a strict reading turns into an error is a broken rule.
        status=422 if level == "error" and known.severity != "error" else known.status,
    )


def failure(code: str, *, expression: str = "", detail: str = "") -> FhirError:
    return FhirError([issue(code, expression=expression, detail=detail)])
