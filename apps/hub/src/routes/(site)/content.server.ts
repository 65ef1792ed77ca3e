/** The home page's words. Kept on the server: a visitor receives one language only. */
const fr = {
  title: 'Préau, la plateforme de formation qui n’appartient qu’à vous',
  description:
    'Créez la plateforme de formation de votre organisation : à votre adresse, à vos couleurs, avec vos données à part. En ligne en quelques secondes.',
  hero: {
    heading: 'Une plateforme de formation rien que pour vous.',
    lead: 'Préau crée pour votre organisation une plateforme dédiée : à votre adresse, à vos couleurs, avec vos données à part. Vous payez, elle se construit sous vos yeux, vous formez.',
    primary: 'Créer ma plateforme',
    secondary: 'Voir les tarifs',
    note: 'Sans engagement de durée. Prix affichés, hors taxes.',
  },
  facts: [
    { title: 'Dédiée', text: 'Un programme qui ne tourne que pour vous, à votre sous-domaine.' },
    { title: 'Prête tout de suite', text: 'Du paiement à la première page, aucune intervention humaine.' },
    { title: 'À vous', text: 'Vos contenus et vos données restent les vôtres, avant, pendant et après.' },
  ],
  how: {
    heading: 'De l’idée à la première leçon',
    lead: 'Cinq étapes, que vous pouvez interrompre et reprendre quand vous voulez.',
    steps: [
      {
        title: 'Ouvrez un compte',
        text: 'Une adresse, un mot de passe, un message de confirmation. Rien à payer.',
      },
      {
        title: 'Choisissez votre adresse',
        text: 'Nous vérifions qu’elle est libre pendant que vous l’écrivez, et nous vous la gardons.',
      },
      {
        title: 'Posez votre identité',
        text: 'Nom, logo, couleur. Si une couleur nuit à la lecture, nous l’ajustons et nous vous le disons.',
      },
      {
        title: 'Payez',
        text: 'Chez un prestataire de paiement. Vos coordonnées bancaires ne passent jamais par nous.',
      },
      {
        title: 'Regardez-la naître',
        text: 'Chaque étape s’affiche quand elle se produit. À la dernière, vous entrez.',
      },
    ],
  },
  product: [
    {
      picture: 'lesson' as const,
      heading: 'Une leçon, et rien qui en détourne',
      text: 'Le plan à gauche, le texte au milieu, une seule prochaine action. Ce qui n’est pas encore ouvert dit pourquoi.',
      alt: 'Une leçon ouverte sur une plateforme Préau : à gauche le plan du cours avec les activités terminées et celles qui restent fermées, au milieu le texte et une image.',
    },
    {
      picture: 'studio' as const,
      heading: 'Un atelier pour qui forme',
      text: 'Modules, leçons et quiz s’ordonnent à la souris ou au clavier. Publier une nouvelle version ne dérange personne.',
      alt: 'L’atelier d’une plateforme Préau : un module, ses deux leçons et son quiz, avec les boutons pour les ordonner et en ajouter.',
    },
  ],
  people: {
    heading: 'Chacun y trouve sa place',
    groups: [
      {
        title: 'Qui apprend',
        points: [
          'Reprend exactement où il s’était arrêté',
          'Sait pourquoi une activité est encore fermée, et comment l’ouvrir',
          'Reçoit une attestation que chacun peut vérifier',
        ],
      },
      {
        title: 'Qui forme',
        points: [
          'Écrit ses leçons et ses quiz dans un atelier, sans code',
          'Publie une nouvelle version sans bousculer les parcours en cours',
          'Voit qui en est où, et l’exporte en un clic',
        ],
      },
      {
        title: 'Qui administre',
        points: [
          'Invite, inscrit, attribue les rôles',
          'Décide si le catalogue est public ou réservé',
          'Retrouve l’offre, les factures et l’équipe au même endroit',
        ],
      },
    ],
  },
  proofs: {
    heading: 'Ce que vous pouvez vérifier vous-même',
    lead: 'Pas de promesses vagues : des choix que l’on peut constater.',
    items: [
      {
        title: 'Deux murs autour de vos données',
        text: 'Les règles d’accès d’abord, puis la base elle-même, qui ne montre à votre plateforme que vos lignes.',
      },
      {
        title: 'Aucun mot de passe de base chez vous',
        text: 'Votre plateforme ne détient qu’une clé à elle, limitée à vos données et remplaçable à tout moment.',
      },
      {
        title: 'Lisible par tous',
        text: 'Clavier, lecteur d’écran, petit écran, clair ou sombre : chaque page est conçue pour.',
      },
      {
        title: 'Pas de pistage',
        text: 'Ni publicité ni mesure d’audience. Le seul cookie indispensable est celui de votre connexion.',
      },
    ],
    link: 'Lire comment c’est fait',
  },
  closing: {
    heading: 'La cour est couverte, la porte est ouverte.',
    text: 'Essayez : l’ouverture d’un compte ne vous engage à rien.',
    action: 'Créer ma plateforme',
  },
};

const en: typeof fr = {
  title: 'Préau, the learning platform that is yours alone',
  description:
    'Create your organisation’s own learning platform: your address, your colours, your data kept apart. Online within seconds.',
  hero: {
    heading: 'A learning platform that is yours alone.',
    lead: 'Préau creates a dedicated platform for your organisation: at your address, in your colours, with your data kept apart. You pay, you watch it being built, you teach.',
    primary: 'Create my platform',
    secondary: 'See the prices',
    note: 'No minimum term. Prices shown, excluding tax.',
  },
  facts: [
    { title: 'Dedicated', text: 'A program that runs for you only, at your own subdomain.' },
    { title: 'Ready at once', text: 'From payment to the first page, nobody has to step in.' },
    { title: 'Yours', text: 'Your content and your data remain yours: before, during and after.' },
  ],
  how: {
    heading: 'From the idea to the first lesson',
    lead: 'Five steps that you can leave and resume whenever you like.',
    steps: [
      { title: 'Open an account', text: 'An address, a password, a confirmation message. Nothing to pay.' },
      { title: 'Choose your address', text: 'We check that it is free while you type, and keep it for you.' },
      {
        title: 'Add your identity',
        text: 'Name, logo, colour. If a colour makes reading hard we adjust it, and tell you.',
      },
      { title: 'Pay', text: 'At a payment provider. Your card details never pass through us.' },
      {
        title: 'Watch it come alive',
        text: 'Each step shows as it happens. After the last one, you walk in.',
      },
    ],
  },
  product: [
    {
      picture: 'lesson' as const,
      heading: 'A lesson, and nothing to distract from it',
      text: 'The outline on the left, the text in the middle, one next action. What is not open yet says why.',
      alt: 'A lesson open on a Préau platform: on the left the course outline with finished activities and those still closed, in the middle the text and a picture.',
    },
    {
      picture: 'studio' as const,
      heading: 'A studio for trainers',
      text: 'Modules, lessons and quizzes are put in order by mouse or keyboard. Publishing a new version disturbs nobody.',
      alt: 'The studio of a Préau platform: a module, its two lessons and its quiz, with buttons to order them and to add more.',
    },
  ],
  people: {
    heading: 'A place for everybody',
    groups: [
      {
        title: 'Learners',
        points: [
          'Resume exactly where they stopped',
          'Know why an activity is still closed, and how to open it',
          'Receive a certificate that anybody can verify',
        ],
      },
      {
        title: 'Trainers',
        points: [
          'Write lessons and quizzes in a studio, without code',
          'Publish a new version without disturbing running courses',
          'See who is where, and export it in one click',
        ],
      },
      {
        title: 'Administrators',
        points: [
          'Invite, enrol, assign roles',
          'Decide whether the catalogue is public or private',
          'Find plan, invoices and team in one place',
        ],
      },
    ],
  },
  proofs: {
    heading: 'What you can check for yourself',
    lead: 'No vague promises: choices that can be observed.',
    items: [
      {
        title: 'Two walls around your data',
        text: 'Access rules first, then the database itself, which shows your platform your rows and no others.',
      },
      {
        title: 'No database password with you',
        text: 'Your platform holds only a key of its own, limited to your data and replaceable at any time.',
      },
      {
        title: 'Readable by everybody',
        text: 'Keyboard, screen reader, small screen, light or dark: every page is designed for it.',
      },
      {
        title: 'No tracking',
        text: 'No advertising, no analytics. The one indispensable cookie is your sign-in.',
      },
    ],
    link: 'Read how it is done',
  },
  closing: {
    heading: 'The courtyard is covered, the door is open.',
    text: 'Try it: opening an account commits you to nothing.',
    action: 'Create my platform',
  },
};

export const home = { fr, en };
