import type { Prose } from '#lib/prose.ts';

const updated = '2026-11-24T00:00:00Z';
const fr: Prose = {
  title: 'Confidentialité',
  description: 'Quelles données Préau traite, pourquoi, combien de temps, et quels sont vos droits.',
  lead: 'Nous ne demandons que ce qui sert, et nous ne vendons rien.',
  updated,
  sections: [
    {
      id: 'qui',
      title: 'Qui est responsable',
      paragraphs: [
        'L’exploitant de cette installation, présenté dans les mentions légales, est responsable des données des clients (comptes, organisations, factures). Pour les données des apprenants, c’est l’organisation qui a ouvert la plateforme ; l’exploitant agit pour son compte.',
      ],
    },
    {
      id: 'quoi',
      title: 'Ce que nous traitons, et pourquoi',
      paragraphs: ['Chaque donnée a une raison d’être.'],
      list: [
        'Compte : nom, adresse e-mail, empreinte du mot de passe, clés d’accès, appareils connectés, langue. Pour vous identifier (contrat).',
        'Organisation : nom, pays, SIREN, numéro de TVA. Pour facturer (obligation légale).',
        'Commandes et abonnements : offre, montants, références du prestataire de paiement. Pour fournir le service (contrat).',
        'Journal de sécurité : actions, dates, adresses réseau. Pour protéger les comptes (intérêt légitime).',
        'Plateforme : personnes, inscriptions, progression, réponses, attestations. Pour le compte de votre organisation.',
      ],
    },
    {
      id: 'cookies',
      title: 'Cookies',
      paragraphs: [
        'Aucun cookie publicitaire ni de mesure d’audience, donc aucun bandeau. Cinq cookies seulement : preau_session, indispensable à votre connexion ; preau_device, par lequel votre compte reconnaît pendant un an un navigateur déjà connecté, pour vous prévenir d’une connexion inconnue et ne jamais vous bloquer ; preau_plan, qui retient pendant un jour l’offre choisie sur la page des tarifs ; preau_order, qui retient pendant un jour la commande que vous êtes parti payer ; preau_theme, posé lorsque vous choisissez un affichage clair ou sombre.',
      ],
    },
    {
      id: 'qui-recoit',
      title: 'Qui les reçoit',
      paragraphs: [
        'L’hébergeur de l’installation, le prestataire de paiement pour la transaction, le service d’envoi de courrier s’il y en a un. Personne d’autre, sauf obligation légale.',
      ],
    },
    {
      id: 'duree',
      title: 'Combien de temps',
      paragraphs: [
        'Le compte : jusqu’à sa suppression. La plateforme : trente jours après la fin de l’abonnement, puis effacement. Les factures : dix ans. Le journal de sécurité : un an.',
      ],
    },
    {
      id: 'droits',
      title: 'Vos droits',
      paragraphs: [
        'Accès, rectification, effacement, limitation, opposition, portabilité : écrivez à l’adresse de la page Contact. Vous pouvez aussi saisir la CNIL (cnil.fr). Si vous êtes apprenant, adressez-vous d’abord à votre organisation.',
      ],
    },
  ],
};
const en: Prose = {
  title: 'Privacy',
  description: 'Which data Préau processes, why, for how long, and what your rights are.',
  lead: 'We ask only for what serves a purpose, and we sell nothing.',
  updated,
  sections: [
    {
      id: 'qui',
      title: 'Who is responsible',
      paragraphs: [
        'Whoever runs this installation, introduced in the legal notice, is the controller of customers’ data (accounts, organisations, invoices). For learners’ data it is the organisation that opened the platform; the operator acts on its behalf.',
      ],
    },
    {
      id: 'quoi',
      title: 'What we process, and why',
      paragraphs: ['Each piece of data has its reason.'],
      list: [
        'Account: name, e-mail address, password hash, language. To identify you (contract).',
        'Organisation: name, country, SIREN, VAT number. To invoice (legal obligation).',
        'Orders and subscriptions: plan, amounts, references of the payment provider. To provide the service (contract).',
        'Security log: actions, dates, network addresses. To protect accounts (legitimate interest).',
        'Platform: people, enrolments, progress, answers, certificates. On behalf of your organisation.',
      ],
    },
    {
      id: 'cookies',
      title: 'Cookies',
      paragraphs: [
        'No advertising or analytics cookie, hence no banner. Five cookies only: preau_session, indispensable to your sign-in; preau_device, by which your account recognises for one year a browser that has signed in before, to warn you of an unknown sign-in and never lock you out; preau_plan, which remembers for one day the plan chosen on the pricing page; preau_order, which remembers for one day the order you went to pay; preau_theme, set when you choose a light or dark display.',
      ],
    },
    {
      id: 'qui-recoit',
      title: 'Who receives it',
      paragraphs: [
        'The host of the installation, the payment provider for the transaction, the mail service where there is one. Nobody else, unless the law requires it.',
      ],
    },
    {
      id: 'duree',
      title: 'For how long',
      paragraphs: [
        'The account: until it is deleted. The platform: thirty days after the end of the subscription, then erasure. Invoices: ten years. The security log: one year.',
      ],
    },
    {
      id: 'droits',
      title: 'Your rights',
      paragraphs: [
        'Access, rectification, erasure, restriction, objection, portability: write to the address on the Contact page. You may also turn to the French authority, CNIL (cnil.fr). If you are a learner, ask your organisation first.',
      ],
    },
  ],
};
export const privacy = { fr, en };
