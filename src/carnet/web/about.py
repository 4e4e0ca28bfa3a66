"""Of whom a page speaks: « vous » in one's own record; in that of a child, or of somebody whom one helps, their name.
To a parent nothing says « vos allergies »."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from markupsafe import Markup, escape

from carnet.web.i18n import FRENCH, filled, gettext, language
from carnet.web.whose import named
from carnet.web.words import marked

_name: ContextVar[str] = ContextVar("name_of_whose_record", default="")
_OF_OTHERS: Final = {
    # Sections of the profile, and what each asks.
    "Rien n'est noté. Une maladie, même ancienne, aide vos soignants à bien vous soigner.": marked(
        "Rien n'est noté. Une maladie, même ancienne, aide les soignants à bien soigner %(name)s."
    ),
    "Aucun traitement en cours n'est connu. Notez aussi ce que vous prenez sans ordonnance.": marked(
        "Aucun traitement en cours n'est connu. Notez aussi ce que %(name)s prend sans ordonnance."
    ),
    "Rien n'est noté. Dire que vous n'avez pas d'allergie est aussi une réponse utile.": marked(
        "Rien n'est noté. Dire que %(name)s n'a pas d'allergie est aussi une réponse utile."
    ),
    "Rien n'est noté. Dites ici ce qui vous aide : un fauteuil, du temps, un interprète.": marked(
        "Rien n'est noté. Dites ici ce qui aide %(name)s : un fauteuil, du temps, un interprète."
    ),
    "Rien n'est noté. Vous n'êtes pas obligé de répondre.": marked("Rien n'est noté. Rien n'oblige à répondre."),
    "Personne n'est noté. Qui prévenir s'il vous arrive quelque chose ?": marked(
        "Personne n'est noté. Qui prévenir s'il arrive quelque chose à %(name)s ?"
    ),
    "Cette personne ne vous représente pas, ou plus : rien ne lui est montré.": marked(
        "Cette personne ne représente pas %(name)s, ou plus : rien ne lui est montré."
    ),
    "Vous n'avez autorisé aucun soignant.": marked("Aucun soignant n'est autorisé dans ce carnet."),
    "Quel médicament prenez-vous ?": marked("Quel médicament %(name)s prend ?"),
    "À quoi êtes-vous allergique ou intolérant ?": marked("Une allergie ou une intolérance de %(name)s : à quoi ?"),
    "De quoi avez-vous besoin, ou qu'est-ce qui vous gêne ?": marked("Ce qu'il faut à %(name)s, ou ce qui gêne"),
    "Par exemple : je me déplace en fauteuil roulant": marked("Par exemple : se déplace en fauteuil roulant"),
    "Par exemple : j'ai arrêté de fumer en 2019": marked("Par exemple : nage deux fois par semaine"),
    "Dites-le avec vos mots": marked("Dites-le avec vos mots, à propos de %(name)s"),
    "Je n'ai pas de problème de santé": marked("%(name)s n'a pas de problème de santé"),
    "Je ne prends pas de médicament": marked("%(name)s ne prend pas de médicament"),
    "Je n'ai pas d'allergie connue": marked("%(name)s n'a pas d'allergie connue"),
    "Je n'ai jamais été opéré ni hospitalisé": marked("%(name)s n'a jamais eu d'opération ni d'hospitalisation"),
    "Je n'ai pas de besoin particulier": marked("%(name)s n'a pas de besoin particulier"),
    "Il n'y en a pas dans ma famille proche": marked("Il n'y en a pas dans la famille proche de %(name)s"),
    "Mes soignants": marked("Soignants autorisés"),
    "Le code contient votre nom, votre date de naissance et les vaccinations choisies, et rien d'autre. Qui le lit peut"
    " les voir.": marked(
        "Le code contient le nom de %(name)s, sa date de naissance et les vaccinations choisies, et rien d'autre. Qui"
        " le lit peut les voir."
    ),
    "Mon entourage": marked("Entourage"),
    "Mes volontés": marked("Volontés"),
    "Ma mère": marked("Mère"),
    "Mon père": marked("Père"),
    "Ma sœur": marked("Sœur"),
    "Mon frère": marked("Frère"),
    "Mon enfant": marked("Enfant"),
    "Un grand-parent": marked("Grand-parent"),
    "Mon oncle": marked("Oncle"),
    "Ma tante": marked("Tante"),
    # Its pages and forms.
    "Ma santé": marked("Sa santé"),
    "Mon histoire de santé": marked("L'histoire de santé de %(name)s"),
    "Ce que vos soignants doivent savoir. Chaque ligne dit de qui elle vient : un soignant, un document, ou vous.": (
        marked(
            "Ce que les soignants de %(name)s doivent savoir. Chaque ligne dit de qui elle vient : un soignant, un"
            " document, ou un proche."
        )
    ),
    "Vos soignants autorisés le voient, sauf ce que vous masquez.": marked(
        "Les soignants autorisés le voient, sauf ce qui est masqué."
    ),
    "Votre réponse sera masquée aux soignants : une source de ce médicament l'est.": marked(
        "Cette réponse sera masquée aux soignants : une source de ce médicament l'est."
    ),
    "Elle s'ajoute à côté de ce que disent vos soignants.": marked(
        "Elle s'ajoute à côté de ce que disent les soignants."
    ),
    "Le reste de votre santé": marked("Le reste de sa santé"),
    "J'ai écrit des directives anticipées.": marked("Des directives anticipées sont écrites."),
    "Je n'ai pas écrit de directives anticipées.": marked("Il n'y a pas de directives anticipées."),
    "Ce que vous souhaitez, ou refusez, si un jour vous ne pouvez plus le dire. Rien n'est noté.": marked(
        "Ce que %(name)s souhaite, ou refuse, pour le jour où le dire ne serait plus possible. Rien n'est noté."
    ),
    "Je suis d'accord pour donner mes organes.": marked("%(name)s est d'accord pour donner ses organes."),
    "Je ne veux pas donner mes organes. Seul le registre national des refus, ou un écrit ou une parole à mes proches,"
    " fait foi.": marked(
        "%(name)s ne veut pas donner ses organes. Seul le registre national des refus, ou un écrit ou une parole à"
        " ses proches, fait foi."
    ),
    "Je n'ai pas décidé.": marked("Rien n'est décidé."),
    "D'autres sources disent autre chose : elles sont à côté, et vos soignants voient les deux.": marked(
        "D'autres sources disent autre chose : elles sont à côté, et les soignants voient les deux."
    ),
    "Dans la liste, pour que vos soignants le reconnaissent :": marked(
        "Dans la liste, pour que les soignants le reconnaissent :"
    ),
    "Je ne le prends plus": marked("%(name)s ne le prend plus"),
    "Mes soignants autorisés": marked("Les soignants autorisés"),
    "Masquée aux soignants, sauf mon médecin traitant": marked("Masquée aux soignants, sauf le médecin traitant"),
    "Masquer aux soignants, sauf mon médecin traitant": marked("Masquer aux soignants, sauf le médecin traitant"),
    "Cette ligne sera signée de votre nom, à côté de ce que disent vos soignants et vos documents. Elle ne les"
    " remplace pas.": marked(
        "Cette ligne sera signée de votre nom, à côté de ce que disent les soignants et les documents. Elle ne les"
        " remplace pas."
    ),
    "Vos soignants ne la verront plus. Ce que disent vos documents ne change pas.": marked(
        "Les soignants ne la verront plus. Ce que disent les documents ne change pas."
    ),
    "Vos soignants ne la verront plus.": marked("Les soignants ne la verront plus."),
    "Son lien avec vous (facultatif)": marked("Son lien avec %(name)s (facultatif)"),
    "Par exemple : ma sœur, mon voisin": marked("Par exemple : sa tante, un voisin"),
    "Si un jour vous ne pouvez pas vous exprimer, les soignants l'interrogent avant vos proches, pour savoir ce que"
    " vous auriez voulu. Pour la loi, elle est désignée par un écrit que vous signez tous les deux : notez ici son nom,"
    " et gardez cet écrit.": marked(
        "Si un jour %(name)s ne peut pas s'exprimer, les soignants l'interrogent avant les proches. Pour la loi, elle"
        " est désignée par un écrit que les deux signent, et seul un majeur la désigne : notez ici son nom, et gardez"
        " cet écrit."
    ),
    "Une personne qui peut être appelée s'il vous arrive quelque chose. Elle ne décide pas à votre place.": marked(
        "Une personne qui peut être appelée s'il arrive quelque chose à %(name)s. Elle ne décide pas à sa place."
    ),
    "Des directives anticipées disent ce que vous voulez, ou refusez, si un jour vous ne pouvez plus le dire. Elles"
    " s'imposent au médecin, sauf urgence vitale le temps d'évaluer la situation, ou si elles sont manifestement"
    " inappropriées. Elles sont datées et signées, et vous pouvez les changer à tout moment.": marked(
        "Des directives anticipées disent ce qu'une personne majeure veut, ou refuse, pour le jour où elle ne pourra"
        " plus le dire. Elles s'imposent au médecin, sauf urgence vitale le temps d'évaluer la situation, ou si elles"
        " sont manifestement inappropriées. Elles sont datées et signées, et peuvent changer à tout moment."
    ),
    "J'en ai écrit": marked("Il y en a d'écrites"),
    "Je n'en ai pas écrit": marked("Il n'y en a pas d'écrites"),
    "Je suis d'accord": marked("D'accord"),
    "Je ne veux pas": marked("Pas d'accord"),
    "Je n'ai pas décidé": marked("Rien n'est décidé"),
    "Votre réponse": marked("Réponse"),
    "Vous pouvez ajouter vos directives comme document : vos soignants les trouveront.": marked(
        "Les directives peuvent être ajoutées comme document : les soignants les trouveront."
    ),
    # The first filling.
    "Avez-vous des allergies ou des intolérances ?": marked("%(name)s a des allergies ou des intolérances ?"),
    "Prenez-vous des médicaments ?": marked("%(name)s prend des médicaments ?"),
    "Avez-vous des problèmes de santé ?": marked("%(name)s a des problèmes de santé ?"),
    "Avez-vous été opéré ou hospitalisé ?": marked("%(name)s a eu une opération, ou un séjour à l'hôpital ?"),
    "Qui prévenir s'il vous arrive quelque chose ?": marked("Qui prévenir s'il arrive quelque chose à %(name)s ?"),
    "Avez-vous une personne de confiance ?": marked("%(name)s a une personne de confiance ?"),
    "Elle est interrogée avant vos proches si vous ne pouvez pas vous exprimer. Pour la loi, elle est désignée par un"
    " écrit signé de vous deux.": marked(
        "Elle est interrogée avant les proches si %(name)s ne peut pas s'exprimer. Pour la loi, seule une personne"
        " majeure la désigne, par un écrit signé des deux."
    ),
    # Treatments.
    "Mes traitements": marked("Les traitements de %(name)s"),
    "Vous prenez : %(what)s. Pour quelle raison ?": marked("%(name)s prend : %(what)s. Pour quelle raison ?"),
    "On vous a prescrit : %(what)s. Pour quelle raison ?": marked(
        "On a prescrit à %(name)s : %(what)s. Pour quelle raison ?"
    ),
    "Une pharmacie vous a remis : %(what)s. Pour quelle raison ?": marked(
        "Une pharmacie a remis pour %(name)s : %(what)s. Pour quelle raison ?"
    ),
    "Une source dit que vous prenez : %(what)s. Pour quelle raison ?": marked(
        "Une source dit que %(name)s prend : %(what)s. Pour quelle raison ?"
    ),
    "Vous dites l'avoir arrêté. %(who)s le note encore.": marked(
        "Il est noté comme arrêté. %(who)s le note encore comme en cours."
    ),
    "Parlez-en à votre médecin ou à votre pharmacien avant de changer quoi que ce soit.": marked(
        "Parlez-en à son médecin ou à son pharmacien avant de changer quoi que ce soit."
    ),
    "Par substance : ce qui est prescrit, ce que la pharmacie a délivré, et ce que vous dites prendre. Rien n'est"
    " mélangé : chaque ligne garde son auteur.": marked(
        "Par substance : ce qui est prescrit, ce que la pharmacie a délivré, et ce qui est dit pris. Rien n'est"
        " mélangé : chaque ligne garde son auteur."
    ),
    "Notez aussi ce que vous prenez sans ordonnance.": marked("Notez aussi ce que %(name)s prend sans ordonnance."),
    # Measures.
    "Mes mesures": marked("Les mesures de %(name)s"),
    "Ce que vous mesurez vous-même, et ce que vos soignants et vos documents disent.": marked(
        "Ce qui est mesuré chez %(name)s, et ce que les soignants et les documents disent."
    ),
    "Ils verront que cette mesure vient de vous.": marked("Ils verront que cette mesure vient d'un proche."),
    "Retirer cette mesure : elle quitte le carnet, la courbe et l'écran de vos soignants. Les autres mesures"
    " restent.": (
        marked(
            "Retirer cette mesure : elle quitte le carnet, la courbe et l'écran des soignants. Les autres mesures"
            " restent."
        )
    ),
    "Masqué à vos soignants": marked("Masqué aux soignants"),
    "Changer mon objectif": marked("Changer l'objectif"),
    "Me fixer un objectif": marked("Fixer un objectif"),
    "Votre objectif est noté.": marked("L'objectif est noté."),
    "Votre objectif est retiré.": marked("L'objectif est retiré."),
    "Mon objectif": marked("Un objectif pour %(name)s"),
    "Votre objectif :": marked("Objectif pour %(name)s :"),
    "Votre objectif, noté le %(day)s :": marked("Objectif pour %(name)s, noté le %(day)s :"),
    "Cet objectif est le vôtre : il est montré avec votre nom, à côté de ceux de vos soignants. Parlez-en avec eux.": (
        marked("Cet objectif est celui d'un proche : il est montré à côté de ceux des soignants. Parlez-en avec eux.")
    ),
    "Je vise": marked("L'objectif est"),
    "Retirer mon objectif": marked("Retirer cet objectif"),
    # Results.
    "Un résultat hors de ces valeurs n'est pas forcément un problème : parlez-en avec votre médecin.": marked(
        "Un résultat hors de ces valeurs n'est pas forcément un problème : parlez-en avec son médecin."
    ),
    "Un résultat hors des valeurs du laboratoire n'est pas forcément un problème : parlez-en avec votre médecin.": (
        marked(
            "Un résultat hors des valeurs du laboratoire n'est pas forcément un problème : parlez-en avec son médecin."
        )
    ),
    "Ils viennent des comptes rendus que vos laboratoires déposent. Ceux qui sont des images ou des scans restent dans"
    " vos documents.": marked(
        "Ils viennent des comptes rendus que les laboratoires déposent. Ceux qui sont des images ou des scans restent"
        " dans les documents."
    ),
    "Voir mes documents": marked("Voir ses documents"),
    # Who may open it, and for what it is used.
    "Si vous ne pouvez pas répondre. Il doit dire pourquoi. Vous et votre médecin traitant en êtes avertis. Sans ce"
    " choix, il ne verra rien, même si votre vie en dépend.": marked(
        "Si %(name)s ne peut pas répondre. Il doit dire pourquoi. Vous et le médecin traitant de %(name)s en êtes"
        " avertis. Sans ce choix, il ne verra rien, même si la vie de %(name)s en dépend."
    ),
    "Quand vous ou un proche appelez le 15.": marked("Quand quelqu'un appelle le 15 pour %(name)s."),
    "Quand vous ou un proche appelez le 15, après avoir écrit pourquoi.": marked(
        "Quand quelqu'un appelle le 15 pour %(name)s, après avoir écrit pourquoi."
    ),
    "Ceux qui vous représentent": marked("Qui représente %(name)s"),
    "Vous représente.": marked("Représente %(name)s."),
    "Mes aidants": marked("Les aidants de %(name)s"),
    "Un proche peut lire une partie de votre carnet, ou y ajouter pour vous.": marked(
        "Un proche peut lire une partie du carnet de %(name)s, ou y ajouter."
    ),
    "Les proches que vous laissez lire une partie de votre carnet, ou y ajouter pour vous.": marked(
        "Les proches que vous laissez lire une partie du carnet de %(name)s, ou y ajouter."
    ),
    "Par exemple vos résultats d'analyses, pour en faire des courbes. La recherche de mots n'en dépend pas.": marked(
        "Par exemple ses résultats d'analyses, pour en faire des courbes. La recherche de mots n'en dépend pas."
    ),
    "Me proposer des messages de prévention": marked("Proposer des messages de prévention pour %(name)s"),
    "Des nombres seulement, sans votre nom ni le contenu de vos documents.": marked(
        "Des nombres seulement, sans le nom de %(name)s ni le contenu de ses documents."
    ),
    "Après ma mort, laisser mes proches demander ce que dit mon carnet": marked(
        "En cas de décès, laisser les proches demander ce que dit ce carnet"
    ),
    "Pour connaître les causes du décès, défendre ma mémoire ou leurs droits. Rien de plus ne leur est remis.": marked(
        "Pour connaître les causes du décès, défendre sa mémoire ou leurs droits. Rien de plus ne leur est remis."
    ),
    # In the trail, in what capacity.
    "Votre représentant": marked("Représente %(name)s"),
    "Votre aidant": marked("Aide %(name)s"),
    "Soignant qui dit que vous êtes d'accord": marked("Soignant qui dit avoir l'accord de %(name)s"),
    # The whole record.
    "Mon carnet": marked("Le carnet de %(name)s"),
    "Votre carnet n'est pas encore ouvert": marked("Le carnet de %(name)s n'est pas encore ouvert"),
    "Votre carnet est ouvert": marked("Le carnet de %(name)s est ouvert"),
    "Vous avez refusé votre carnet": marked("Le carnet de %(name)s a été refusé"),
    "Votre carnet est fermé": marked("Le carnet de %(name)s est fermé"),
    "Votre carnet est suspendu": marked("Le carnet de %(name)s est suspendu"),
    "Vous avez demandé son effacement. Il sera effacé pour toujours le %(day)s.": marked(
        "Son effacement a été demandé. Il sera effacé pour toujours le %(day)s."
    ),
    "Jusque-là, personne ne l'ouvre et rien n'y est déposé, et vous pouvez changer d'avis.": marked(
        "Jusque-là, personne ne l'ouvre et rien n'y est déposé, et qui l'a demandé peut changer d'avis."
    ),
    "À votre demande, il n'a pas été créé. Rien sur votre santé n'est conservé ici.": marked(
        "Il n'a pas été créé. Rien sur la santé de %(name)s n'est conservé ici."
    ),
    "Vous pouvez le demander quand vous voulez.": marked("Il peut être demandé à tout moment."),
    "Il s'ouvrira de lui-même le %(day)s, si vous ne vous y opposez pas.": marked(
        "Il s'ouvrira de lui-même le %(day)s, si personne ne s'y oppose."
    ),
    "Nous vérifions qu'il est bien le vôtre : deux personnes ont pu être confondues.": marked(
        "Nous vérifions qu'il est bien celui de %(name)s : deux personnes ont pu être confondues."
    ),
    "Depuis le %(day)s, personne ne le lit. Vos soignants peuvent encore y déposer : rien ne sera perdu.": marked(
        "Depuis le %(day)s, personne ne le lit. Les soignants peuvent encore y déposer : rien ne sera perdu."
    ),
    "Depuis le %(day)s. Vos soignants peuvent y déposer, et ceux que vous avez autorisés peuvent le lire.": marked(
        "Depuis le %(day)s. Les soignants peuvent y déposer, et ceux qui sont autorisés peuvent le lire."
    ),
    "Choisir qui voit mon carnet": marked("Choisir qui voit ce carnet"),
    "Prendre une copie de mon carnet": marked("Prendre une copie de ce carnet"),
    "copie de mon carnet": marked("copie de ce carnet"),
    "Prenez d'abord une copie si vous voulez garder vos documents :": marked(
        "Prenez d'abord une copie si vous voulez garder ses documents :"
    ),
    "Rien encore : chaque décision sur l'ensemble de votre carnet paraîtra ici, avec un numéro.": marked(
        "Rien encore : chaque décision sur l'ensemble de ce carnet paraîtra ici, avec un numéro."
    ),
    "Fermer mon carnet": marked("Fermer le carnet de %(name)s"),
    "Plus personne ne l'ouvre : ni vous, ni vos soignants, ni les urgences.": marked(
        "Plus personne ne l'ouvre : ni %(name)s, ni vous, ni qui d'autre représente %(name)s, ni les soignants, ni les"
        " urgences."
    ),
    "Vous pouvez le rouvrir quand vous voulez pendant ces dix ans, avec son contenu et vos réglages.": marked(
        "Qui représente %(name)s peut le rouvrir pendant ces dix ans, avec son contenu et ses réglages."
    ),
    "Vos soins et vos remboursements restent les mêmes.": marked(
        "Les soins et les remboursements de %(name)s restent les mêmes."
    ),
    "Rouvrir mon carnet": marked("Rouvrir le carnet de %(name)s"),
    "Vous retrouvez tout ce qu'il contenait, et vos réglages de confidentialité.": marked(
        "Tout ce qu'il contenait revient, et ses réglages de confidentialité."
    ),
    "Les soignants que vous aviez autorisés le voient de nouveau, si leur autorisation dure encore.": marked(
        "Les soignants qui étaient autorisés le voient de nouveau, si leur autorisation dure encore."
    ),
    # Vaccinations.
    "Mes vaccinations": marked("Les vaccinations de %(name)s"),
    "Vos soignants peuvent les inscrire : demandez-le à votre médecin, à votre pharmacien, à votre infirmier.": marked(
        "Les soignants de %(name)s peuvent les inscrire : demandez-le à son médecin, au pharmacien, à l'infirmier."
    ),
    "Déclaré par vous": marked("Déclaré par un proche"),
}


def speak_of(name: str) -> None:
    """For the rest of this request; "" for one's own record."""
    _name.set(name)


def about(words: str, **values: object) -> str:
    """The words, in the reader's language, as they are for whose record is open: by their pair, else with what is the
    holder's under the holder's name."""
    name = _name.get()
    if not name:
        return filled(gettext(words), {"name": name, **values})
    if words in _OF_OTHERS:
        return filled(gettext(_OF_OTHERS[words]), {"name": name, **values})
    # The name is no place for values.
    return filled(_named(gettext(words), name.replace("%", "%%")), {"name": name, **values})


def of_whose(text: str) -> str:
    """Of a text that is made already, as a count is."""
    name = _name.get()
    if not name:
        return text
    return Markup(_named(str(text), str(escape(name)))) if isinstance(text, Markup) else _named(text, name)  # noqa: S704


def _named(text: str, name: str) -> str:
    return named(text, name, french=language() == FRENCH)
