const fr = {
  title: 'Fonctionnalités',
  description:
    'Parcours, quiz, attestations, atelier de création, inscriptions, suivi : ce que fait une plateforme Préau, pour qui apprend, qui forme et qui administre.',
  lead: 'L’essentiel d’une formation en ligne, soigné, plutôt qu’une longue liste de modules. Voici ce qui existe aujourd’hui.',
  groups: [
    {
      id: 'apprendre',
      title: 'Apprendre',
      lead: 'Un lecteur calme : le plan à gauche, la leçon au milieu, une seule prochaine action.',
      items: [
        {
          title: 'Reprise exacte',
          text: 'La progression s’enregistre au fil de la lecture. Un onglet fermé, un autre appareil : on reprend où l’on était.',
        },
        {
          title: 'Quiz corrigés sur le serveur',
          text: 'Choix unique, choix multiple, vrai ou faux, réponse courte, réponse numérique. Retours, tentatives et seuil de réussite réglables.',
        },
        {
          title: 'Prérequis expliqués',
          text: 'Une activité fermée dit pourquoi elle l’est, et ce qu’il reste à faire pour l’ouvrir.',
        },
        {
          title: 'Attestation vérifiable',
          text: 'Un PDF à la fin du parcours, avec une adresse publique où chacun peut en contrôler l’authenticité.',
        },
      ],
    },
    {
      id: 'creer',
      title: 'Créer',
      lead: 'Un atelier dans la plateforme, où l’on écrit comme dans un traitement de texte.',
      items: [
        {
          title: 'Leçons riches',
          text: 'Titres, listes, images, encadrés, tableaux, code, contenus intégrés. L’aperçu montre ce que verra l’apprenant.',
        },
        {
          title: 'Versions',
          text: 'Publier une nouvelle version ne dérange personne : qui a commencé sur l’ancienne la termine.',
        },
        {
          title: 'Organisation au clavier comme à la souris',
          text: 'Modules et activités se déplacent par glisser-déposer, ou au clavier.',
        },
        {
          title: 'Import',
          text: 'Une archive Markdown avec ses images devient un cours ; un fichier GIFT devient des questions. Un rapport dit ce qui n’a pas été compris.',
        },
      ],
    },
    {
      id: 'piloter',
      title: 'Piloter',
      lead: 'Savoir où en est chacun, sans tableur à tenir.',
      items: [
        {
          title: 'Inscriptions',
          text: 'À la main, sur invitation, ou libres : vous choisissez, cours par cours.',
        },
        {
          title: 'Suivi',
          text: 'Qui a commencé, qui a terminé, qui s’est arrêté, et depuis quand. Export CSV.',
        },
        { title: 'Rôles', text: 'Apprenants, formateurs, administrateurs : chacun voit ce qui le concerne.' },
        {
          title: 'Catalogue',
          text: 'Public pour être découvert, ou réservé aux personnes que vous invitez.',
        },
      ],
    },
    {
      id: 'exploiter',
      title: 'Ne pas s’occuper du reste',
      lead: 'L’exploitation est notre métier, pas le vôtre.',
      items: [
        {
          title: 'Une plateforme à vous',
          text: 'Un programme dédié à votre organisation, à votre sous-domaine, à votre nom et à vos couleurs.',
        },
        {
          title: 'Surveillance',
          text: 'Son état est contrôlé en permanence. Ce qui peut être réparé seul l’est ; le reste alerte une personne.',
        },
        {
          title: 'Facturation claire',
          text: 'Offre, options, factures et moyens de paiement dans votre espace, modifiables à tout moment.',
        },
        {
          title: 'Entrée directe',
          text: 'Depuis votre espace, un bouton ouvre votre plateforme en administrateur, sans second mot de passe.',
        },
      ],
    },
  ],
  limits: {
    title: 'Ce que Préau ne fait pas encore',
    text: 'Autant le dire avant l’achat : pas encore de devoirs à rendre, de classes virtuelles, de SCORM ni de vidéo hébergée. Si l’un de ces points vous est indispensable, écrivez-nous avant de souscrire.',
    action: 'Nous écrire',
  },
};
const en: typeof fr = {
  title: 'Features',
  description:
    'Courses, quizzes, certificates, an authoring studio, enrolment, progress: what a Préau platform does for learners, trainers and administrators.',
  lead: 'The essentials of online learning, done with care, rather than a long list of modules. This is what exists today.',
  groups: [
    {
      id: 'apprendre',
      title: 'Learn',
      lead: 'A calm player: the outline on the left, the lesson in the middle, one next action.',
      items: [
        {
          title: 'Resume exactly',
          text: 'Progress is saved while one reads. A closed tab, another device: one goes on where one was.',
        },
        {
          title: 'Quizzes graded on the server',
          text: 'Single choice, multiple choice, true or false, short answer, numeric. Feedback, attempts and pass mark are yours to set.',
        },
        {
          title: 'Prerequisites explained',
          text: 'A closed activity says why it is closed, and what is left to do to open it.',
        },
        {
          title: 'Verifiable certificate',
          text: 'A PDF at the end of the course, with a public address where anybody can check that it is genuine.',
        },
      ],
    },
    {
      id: 'creer',
      title: 'Create',
      lead: 'A studio inside the platform, where one writes as in a word processor.',
      items: [
        {
          title: 'Rich lessons',
          text: 'Headings, lists, images, callouts, tables, code, embedded content. The preview shows what learners will see.',
        },
        {
          title: 'Versions',
          text: 'Publishing a new version disturbs nobody: whoever began on the old one finishes it.',
        },
        {
          title: 'Order by keyboard or mouse',
          text: 'Modules and activities move by drag and drop, or by keyboard.',
        },
        {
          title: 'Import',
          text: 'A zip of Markdown with its images becomes a course; a GIFT file becomes questions. A report says what was not understood.',
        },
      ],
    },
    {
      id: 'piloter',
      title: 'Follow',
      lead: 'Know where everybody stands, without keeping a spreadsheet.',
      items: [
        { title: 'Enrolment', text: 'By hand, by invitation or by oneself: you choose, course by course.' },
        { title: 'Progress', text: 'Who began, who finished, who stopped, and since when. CSV export.' },
        { title: 'Roles', text: 'Learners, trainers, administrators: everybody sees what concerns them.' },
        { title: 'Catalogue', text: 'Public, to be discovered, or kept to the people you invite.' },
      ],
    },
    {
      id: 'exploiter',
      title: 'Leave the rest to us',
      lead: 'Running it is our trade, not yours.',
      items: [
        {
          title: 'A platform of your own',
          text: 'A program dedicated to your organisation, at your subdomain, under your name and in your colours.',
        },
        {
          title: 'Supervision',
          text: 'Its health is checked all the time. What can be repaired by itself is; the rest alerts a person.',
        },
        {
          title: 'Clear billing',
          text: 'Plan, add-ons, invoices and means of payment in your account, to be changed at any time.',
        },
        {
          title: 'Straight in',
          text: 'From your account one button opens your platform as its administrator, without a second password.',
        },
      ],
    },
  ],
  limits: {
    title: 'What Préau does not do yet',
    text: 'Better said before you buy: no assignments, virtual classes, SCORM or hosted video yet. If you cannot do without one of these, write to us before subscribing.',
    action: 'Write to us',
  },
};
export const features = { fr, en };
