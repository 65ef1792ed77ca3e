import type { Prose } from '#lib/prose.ts';

const fr: Prose = {
  title: 'Sécurité et conformité',
  description:
    'Comment Préau sépare les données de chaque organisation, protège les accès et respecte le RGPD. Ce qui est fait, et ce qui ne l’est pas.',
  lead: 'Ce qui suit décrit le fonctionnement réel du produit. Nous ne revendiquons aucune certification que nous n’avons pas.',
  sections: [
    {
      id: 'separation',
      title: 'Vos données, à part',
      paragraphs: [
        'Chaque organisation dispose de sa propre plateforme : un programme distinct, lancé pour elle seule, qui ne sert que ses pages.',
        'Les données vivent dans une base PostgreSQL derrière deux murs indépendants. Le premier est fait des règles d’accès de l’application. Le second est tenu par la base elle-même : la sécurité au niveau des lignes, imposée à des rôles qui ne peuvent pas la contourner. Sans organisation désignée, la base ne montre rien. Une règle oubliée dans l’application affiche donc une page vide, pas les données du voisin.',
        'Votre plateforme ne détient aucun mot de passe de base de données. Elle s’adresse à une interface avec une clé qui n’appartient qu’à elle, limitée à votre organisation, à durée de vie courte et révocable.',
      ],
    },
    {
      id: 'acces',
      title: 'Accès et mots de passe',
      paragraphs: ['Les mots de passe sont dérivés avant d’être conservés et ne peuvent pas être relus.'],
      list: [
        'Au moins douze caractères, et refus des mots de passe courants.',
        'Nombre d’essais limité, par adresse et par réseau.',
        'Sessions opaques, conservées sous forme d’empreinte ; changer de mot de passe ferme les autres.',
        'Double authentification obligatoire pour notre équipe.',
        'Jetons d’entrée à usage unique, valables une minute, jamais placés dans une adresse.',
      ],
    },
    {
      id: 'navigateur',
      title: 'Dans le navigateur',
      paragraphs: [
        'Les pages sont servies avec une politique de sécurité du contenu qui interdit tout script étranger. Elles ne chargent rien depuis un autre site : ni police, ni mesure d’audience, ni publicité. Les formulaires refusent toute demande venue d’ailleurs.',
      ],
    },
    {
      id: 'paiement',
      title: 'Paiement',
      paragraphs: [
        'Le paiement a lieu chez le prestataire. Nous ne voyons ni ne conservons votre numéro de carte. Ses messages nous parviennent signés ; ils sont vérifiés, et nous redemandons toujours l’état réel avant d’agir.',
      ],
    },
    {
      id: 'rgpd',
      title: 'RGPD',
      paragraphs: [
        'Pour les données de vos apprenants, vous êtes responsable de traitement et nous sommes sous-traitant. Pour votre compte client et vos factures, nous sommes responsable de traitement.',
        'Une plateforme supprimée voit ses données effacées, lignes et fichiers. Les factures sont conservées le temps qu’impose la loi.',
      ],
    },
    {
      id: 'panne',
      title: 'Quand quelque chose tombe',
      paragraphs: [
        'L’état de chaque plateforme est contrôlé en permanence. Un programme arrêté est relancé. Une création interrompue reprend à l’étape où elle en était, ou se défait proprement ; vous voyez laquelle, et vous pouvez la relancer.',
        'Un défaut de paiement ne détruit rien : la plateforme est suspendue et ses données sont conservées.',
      ],
    },
    {
      id: 'limites',
      title: 'Ce que nous ne prétendons pas',
      paragraphs: [
        'Préau n’est pas certifié ISO 27001, SecNumCloud ni HDS, et n’a pas fait l’objet d’un audit externe. N’y déposez pas de données de santé. Si votre secteur exige une certification, écrivez-nous avant de souscrire.',
      ],
    },
  ],
};
const en: Prose = {
  title: 'Security and compliance',
  description:
    'How Préau keeps each organisation’s data apart, protects access and respects the GDPR. What is done, and what is not.',
  lead: 'This describes how the product really works. We claim no certification that we do not hold.',
  sections: [
    {
      id: 'separation',
      title: 'Your data, kept apart',
      paragraphs: [
        'Each organisation has a platform of its own: a separate program, started for it alone, that serves only its pages.',
        'Data lives in a PostgreSQL database behind two independent walls. The first is made of the application’s access rules. The second is held by the database itself: row-level security, forced upon roles that cannot bypass it. Where no organisation is named, the database shows nothing. A rule forgotten in the application thus shows an empty page, not the neighbour’s data.',
        'Your platform holds no database password. It speaks to an interface with a key that is its own, limited to your organisation, short-lived and revocable.',
      ],
    },
    {
      id: 'acces',
      title: 'Access and passwords',
      paragraphs: ['Passwords are hashed before they are kept and cannot be read back.'],
      list: [
        'At least twelve characters, and common passwords are refused.',
        'A limited number of tries, by address and by network.',
        'Opaque sessions, kept as a fingerprint; changing the password ends the others.',
        'Two-factor authentication is compulsory for our team.',
        'One-time entry tokens, valid for one minute, never placed in an address.',
      ],
    },
    {
      id: 'navigateur',
      title: 'In the browser',
      paragraphs: [
        'Pages are served with a content security policy that forbids any foreign script. They load nothing from another site: no fonts, no analytics, no advertising. Forms refuse any request that comes from elsewhere.',
      ],
    },
    {
      id: 'paiement',
      title: 'Payment',
      paragraphs: [
        'Payment takes place at the provider. We neither see nor keep your card number. Its messages reach us signed; they are verified, and we always ask for the actual state before acting.',
      ],
    },
    {
      id: 'rgpd',
      title: 'GDPR',
      paragraphs: [
        'For your learners’ data you are the controller and we are the processor. For your customer account and your invoices we are the controller.',
        'When a platform is deleted its data is erased, rows and files. Invoices are kept for as long as the law requires.',
      ],
    },
    {
      id: 'panne',
      title: 'When something fails',
      paragraphs: [
        'The health of each platform is checked all the time. A program that stopped is started again. A creation that was interrupted resumes at its step, or is undone cleanly; you see which, and you can start it again.',
        'A missed payment destroys nothing: the platform is suspended and its data is kept.',
      ],
    },
    {
      id: 'limites',
      title: 'What we do not claim',
      paragraphs: [
        'Préau is not certified to ISO 27001, SecNumCloud or HDS, and has not been audited by a third party. Do not put health data in it. If your sector requires a certification, write to us before subscribing.',
      ],
    },
  ],
};
export const security = { fr, en };
