const fr = {
  title: 'Questions fréquentes',
  description:
    'Ce que l’on nous demande avant de souscrire : la mise en ligne, les données, les prix, l’arrêt.',
  lead: 'Des réponses courtes. Il manque la vôtre ? Écrivez-nous.',
  groups: [
    {
      title: 'Avant de commencer',
      items: [
        {
          question: 'Faut-il installer quelque chose ?',
          answer: 'Non. Votre plateforme s’utilise dans un navigateur, sur ordinateur comme sur téléphone.',
        },
        {
          question: 'Combien de temps avant d’être en ligne ?',
          answer: 'Quelques secondes après la confirmation du paiement. Vous voyez chaque étape se faire.',
        },
        {
          question: 'Puis-je essayer sans payer ?',
          answer:
            'L’ouverture d’un compte et toute la préparation (adresse, offre, identité) sont gratuites. Le paiement intervient à la dernière étape.',
        },
        {
          question: 'Puis-je reprendre des contenus existants ?',
          answer:
            'Oui : une archive de fichiers Markdown avec ses images devient un cours, et un fichier GIFT devient des questions. Le format SCORM n’est pas encore accepté.',
        },
      ],
    },
    {
      title: 'Prix et abonnement',
      items: [
        {
          question: 'Comment est fixé le prix ?',
          answer:
            'Par plateforme, selon l’offre. Les limites de chaque offre (apprenants, formateurs, stockage) sont affichées sur la page des tarifs.',
        },
        {
          question: 'Que se passe-t-il quand une limite approche ?',
          answer:
            'Nous vous écrivons à 80 % et à 100 %, et votre espace le montre. Au bout du stockage ou du nombre d’apprenants, rien ne disparaît : il n’est simplement plus possible d’en ajouter. Le trafic et les heures de calcul du mois ne coupent et ne ralentissent jamais rien.',
        },
        {
          question: 'Puis-je arrêter quand je veux ?',
          answer: 'Oui. L’abonnement court jusqu’à la fin de la période payée, puis s’arrête.',
        },
        {
          question: 'Que se passe-t-il si un paiement échoue ?',
          answer:
            'De nouvelles tentatives ont lieu et nous vous prévenons. Pendant sept jours rien ne change, puis la plateforme passe en lecture seule, et elle est suspendue après quatorze jours. Rien n’est effacé.',
        },
      ],
    },
    {
      title: 'Données et sécurité',
      items: [
        {
          question: 'Mes données sont-elles mélangées à celles des autres ?',
          answer:
            'Non. Chaque plateforme est un programme distinct, et la base de données elle-même refuse de montrer les lignes d’une autre organisation. La page Sécurité l’explique.',
        },
        {
          question: 'À qui appartiennent les contenus ?',
          answer: 'À vous. Nous n’en faisons aucun autre usage que de les afficher à vos apprenants.',
        },
        {
          question: 'Puis-je repartir avec mes données ?',
          answer:
            'Oui, à tout moment, même si la plateforme est suspendue. Un fichier zip réunit formations, personnes, résultats et fichiers, en formats ouverts.',
        },
        {
          question: 'Et si quelqu’un efface quelque chose par erreur ?',
          answer:
            'Chaque plateforme est sauvegardée tous les jours, chiffrée. Vous rétablissez vous-même la sauvegarde de votre choix depuis votre espace.',
        },
        {
          question: 'Suivez-vous les visiteurs ?',
          answer: 'Non. Ni mesure d’audience ni publicité, ici comme sur les plateformes.',
        },
      ],
    },
  ],
};
const en: typeof fr = {
  title: 'Frequent questions',
  description: 'What people ask before subscribing: going online, data, prices, stopping.',
  lead: 'Short answers. Yours is missing? Write to us.',
  groups: [
    {
      title: 'Before you begin',
      items: [
        {
          question: 'Is there anything to install?',
          answer: 'No. Your platform is used in a browser, on a computer or a phone.',
        },
        {
          question: 'How long until it is online?',
          answer: 'A few seconds after the payment is confirmed. You see each step being done.',
        },
        {
          question: 'Can I try without paying?',
          answer:
            'Opening an account and the whole preparation (address, plan, branding) are free. Payment comes at the last step.',
        },
        {
          question: 'Can I bring existing content?',
          answer:
            'Yes: a zip of Markdown files with images becomes a course, and a GIFT file becomes questions. SCORM is not accepted yet.',
        },
      ],
    },
    {
      title: 'Prices and subscription',
      items: [
        {
          question: 'How is the price set?',
          answer:
            'By platform, according to the plan. The limits of each plan (learners, trainers, storage) are shown on the pricing page.',
        },
        {
          question: 'What happens when a limit comes near?',
          answer:
            'We write to you at 80% and at 100%, and your portal shows it. At the end of storage or of the number of learners nothing disappears: no more can be added, that is all. The month’s traffic and computing hours never cut or slow down anything.',
        },
        {
          question: 'Can I stop whenever I want?',
          answer: 'Yes. The subscription runs to the end of the paid period, then stops.',
        },
        {
          question: 'What if a payment fails?',
          answer:
            'It is tried again and we tell you. For seven days nothing changes, then the platform becomes read-only, and it is suspended after fourteen days. Nothing is erased.',
        },
      ],
    },
    {
      title: 'Data and security',
      items: [
        {
          question: 'Is my data mixed with other people’s?',
          answer:
            'No. Each platform is a separate program, and the database itself refuses to show another organisation’s rows. The Security page explains it.',
        },
        {
          question: 'Who owns the content?',
          answer: 'You do. We use it for nothing but showing it to your learners.',
        },
        {
          question: 'Can I leave with my data?',
          answer:
            'Yes, at any time, even if the platform is suspended. One zip holds courses, people, results and files, in open formats.',
        },
        {
          question: 'And if somebody deletes something by mistake?',
          answer:
            'Each platform is backed up every day, encrypted. You restore the backup of your choice yourself, from your portal.',
        },
        {
          question: 'Do you track visitors?',
          answer: 'No. No analytics and no advertising, here or on the platforms.',
        },
      ],
    },
  ],
};
export const faq = { fr, en };
