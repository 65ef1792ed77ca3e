import type { Prose } from '#lib/prose.ts';

/** @param email where reports go, as this installation's operator declared it */
export const disclosure = (email: string | null): { fr: Prose; en: Prose } => ({
  fr: {
    title: 'Signaler une vulnérabilité',
    description:
      'Comment nous signaler une faille de sécurité de Préau, ce que nous promettons et ce que nous demandons.',
    lead: 'Vous avez trouvé une faille ? Merci de nous la dire avant d’en parler ailleurs. Voici comment faire, et ce que vous pouvez attendre de nous.',
    updated: '2026-11-25',
    sections: [
      {
        id: 'ecrire',
        title: 'Nous écrire',
        paragraphs: [
          email
            ? `Écrivez à ${email}, en français ou en anglais.`
            : 'Écrivez-nous par la page Contact, en français ou en anglais. Cette installation n’a pas encore déclaré d’adresse e-mail.',
          'Dites l’adresse de la page, les étapes pour reproduire, et ce qu’une personne malveillante pourrait en faire. Une capture ou la référence affichée par une page d’erreur nous aide. N’envoyez ni mot de passe, ni données d’autres personnes.',
        ],
      },
      {
        id: 'nous',
        title: 'Ce que nous promettons',
        paragraphs: [
          'Nous traitons chaque signalement, qu’il vienne d’un client, d’un apprenant ou d’un chercheur.',
        ],
        list: [
          'Un accusé de réception sous trois jours ouvrés.',
          'Un avis motivé sous dix jours ouvrés : retenu ou non, et pourquoi.',
          'Des nouvelles à chaque étape jusqu’à la correction.',
          'Votre nom dans nos remerciements, si vous le souhaitez.',
          'Aucune poursuite contre une recherche menée de bonne foi selon cette page.',
        ],
      },
      {
        id: 'vous',
        title: 'Ce que nous demandons',
        paragraphs: [
          'Cherchez sur une plateforme qui est la vôtre, et arrêtez-vous dès que la faille est démontrée.',
        ],
        list: [
          'Ne lisez, ne modifiez et ne conservez aucune donnée d’autrui.',
          'Pas d’attaque par saturation, d’hameçonnage ni d’accès physique.',
          'Laissez-nous quatre-vingt-dix jours avant de publier.',
        ],
      },
      {
        id: 'perimetre',
        title: 'Ce qui est concerné',
        paragraphs: [
          'Ce site, son interface de programmation et les plateformes qu’il héberge. Les services de nos prestataires de paiement ont leurs propres règles : adressez-vous à eux.',
          'Ne sont pas des failles en soi : un en-tête absent sans conséquence démontrée, un résultat d’outil sans preuve, une version affichée.',
        ],
      },
    ],
  },
  en: {
    title: 'Reporting a vulnerability',
    description: 'How to report a security flaw in Préau, what we promise and what we ask.',
    lead: 'Found a flaw? Please tell us before you tell others. This is how, and what you can expect from us.',
    updated: '2026-11-25',
    sections: [
      {
        id: 'ecrire',
        title: 'Write to us',
        paragraphs: [
          email
            ? `Write to ${email}, in French or English.`
            : 'Write to us through the Contact page, in French or English. This installation has not declared an e-mail address yet.',
          'Give the address of the page, the steps to reproduce, and what somebody hostile could do with it. A screenshot, or the reference shown by an error page, helps. Send no passwords and no data of other people.',
        ],
      },
      {
        id: 'nous',
        title: 'What we promise',
        paragraphs: [
          'We look into every report, whether it comes from a customer, a learner or a researcher.',
        ],
        list: [
          'An acknowledgement within three working days.',
          'A reasoned verdict within ten working days: accepted or not, and why.',
          'News at each step until it is fixed.',
          'Your name among our thanks, if you wish.',
          'No legal action against research in good faith that follows this page.',
        ],
      },
      {
        id: 'vous',
        title: 'What we ask',
        paragraphs: ['Look on a platform of your own, and stop as soon as the flaw is shown.'],
        list: [
          'Do not read, change or keep anybody else’s data.',
          'No flooding, no phishing, no physical access.',
          'Leave us ninety days before you publish.',
        ],
      },
      {
        id: 'perimetre',
        title: 'What is covered',
        paragraphs: [
          'This site, its API and the platforms that it hosts. Our payment providers have rules of their own: please turn to them.',
          'Not flaws by themselves: a missing header without a shown consequence, a tool’s finding without proof, a version that can be read.',
        ],
      },
    ],
  },
});
