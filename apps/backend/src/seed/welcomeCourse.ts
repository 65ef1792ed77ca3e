import { type QuestionInput, questionInput } from '@preau/contract/tenant/content';
import { type BlockNode, type RichText, richTextOf } from '@preau/elearning/richText';
import { callout, h2, image, list, p, quote, table } from './blocks.ts';

/** A course as it is written before it has ids; `availability` speaks of the activity before. */
export interface DraftCourse {
  slug: string;
  title: string;
  summary: string;
  objectives: string[];
  audience: string;
  prerequisites: string;
  selfEnrolment: boolean;
  modules: { title: string; summary: string; activities: DraftActivity[] }[];
}
export type DraftActivity = { title: string; minutes: number; afterPrevious: boolean } & (
  | { type: 'lesson'; content: RichText }
  | { type: 'quiz'; introduction: string; passPercent: number; questions: QuestionInput[] }
);

const lesson = (
  title: string,
  minutes: number,
  afterPrevious: boolean,
  ...blocks: BlockNode[]
): DraftActivity => ({
  type: 'lesson',
  title,
  minutes,
  afterPrevious,
  content: richTextOf(blocks),
});

/** @param picture id and size of the picture that the first lesson shows */
export function welcomeCourse(picture: { id: string; width: number; height: number }): DraftCourse {
  return {
    slug: 'accueillir-un-nouvel-apprenant',
    title: 'Accueillir un nouvel apprenant',
    summary:
      'Préparer l’arrivée d’une personne en formation, réussir la première heure, puis garder le contact : une méthode simple, en cinq étapes.',
    objectives: [
      'Préparer ce qui doit l’être avant le premier jour',
      'Conduire un accueil d’une heure, en présence ou à distance',
      'Repérer les signes de décrochage et y répondre',
    ],
    audience: 'Formateurs, référents pédagogiques et tuteurs en entreprise.',
    prerequisites: 'Aucun.',
    selfEnrolment: true,
    modules: [
      {
        title: 'Avant l’arrivée',
        summary: 'Ce qui se joue avant que la personne ne franchisse la porte.',
        activities: [
          lesson(
            'Pourquoi l’accueil compte',
            6,
            false,
            p(
              'Une personne qui entre en formation se pose trois questions, rarement à voix haute : **suis-je attendue ? vais-je y arriver ? à qui puis-je parler ?** L’accueil y répond avant le premier exercice.',
            ),
            image(
              picture.id,
              'Une cour bordée d’arcades vertes ; l’une d’elles est éclairée.',
              'Un préau : on y est à l’abri, et l’on voit qui arrive.',
              picture.width,
              picture.height,
            ),
            h2('Ce que l’on observe'),
            list(
              'bullet',
              'Les abandons se concentrent dans les **deux premières semaines**.',
              'Un message personnel avant le début rassure davantage qu’un long livret.',
              'Savoir _à qui s’adresser_ compte plus que tout connaître du programme.',
            ),
            quote(
              'On se souvient rarement du programme du premier jour. On se souvient d’avoir été attendu.',
            ),
            callout(
              'keypoints',
              'À retenir',
              p('Accueillir, c’est répondre à trois questions : la place, la réussite, le contact.'),
            ),
          ),
          lesson(
            'Préparer le premier jour',
            8,
            true,
            p('Une semaine avant le début, quatre choses suffisent. Chacune tient en quelques minutes.'),
            list(
              'number',
              'Envoyer la **convocation** : date, lieu ou lien, durée, matériel.',
              'Vérifier l’**accès** : la personne s’est-elle connectée une fois ?',
              'Demander les **besoins particuliers**, avec tact : rythme, accessibilité, contraintes.',
              'Nommer un **référent** et donner un moyen simple de le joindre.',
            ),
            table(
              ['Quand', 'Quoi', 'Qui'],
              ['J − 7', 'Convocation et accès', 'Administration'],
              ['J − 3', 'Message personnel', 'Formateur'],
              ['J − 1', 'Vérification du matériel', 'Référent'],
            ),
            callout(
              'tip',
              'Un message qui fonctionne',
              p(
                '« Bonjour Inès, nous commençons lundi à 9 h. Je serai là dès 8 h 45 pour un café. Y a-t-il quelque chose que je devrais savoir pour que tout se passe bien ? »',
              ),
            ),
            callout(
              'warning',
              '',
              p(
                'Un besoin particulier relève de la confiance : ne le transmettez qu’avec l’accord de la personne.',
              ),
            ),
          ),
          {
            type: 'quiz',
            title: 'Vérifier ses acquis',
            minutes: 10,
            afterPrevious: true,
            introduction: 'Cinq questions sur ce module. Vous pouvez recommencer autant que nécessaire.',
            passPercent: 60,
            questions: [
              {
                type: 'single',
                prompt: 'Quand les abandons sont-ils les plus fréquents ?',
                feedback: 'Voir « Pourquoi l’accueil compte ».',
                options: [
                  {
                    id: 'debut',
                    text: 'Dans les deux premières semaines',
                    correct: true,
                    feedback: 'Oui : c’est là que l’accueil agit.',
                  },
                  {
                    id: 'milieu',
                    text: 'Au milieu du parcours',
                    correct: false,
                    feedback: 'Le milieu est un creux, mais les départs sont plus précoces.',
                  },
                  {
                    id: 'fin',
                    text: 'Juste avant l’évaluation finale',
                    correct: false,
                    feedback: 'À ce moment, la plupart vont au bout.',
                  },
                ],
              },
              {
                type: 'multiple',
                prompt: 'Que contient une **convocation** utile ? Cochez toutes les bonnes réponses.',
                points: 2,
                options: [
                  { id: 'date', text: 'La date et la durée', correct: true },
                  { id: 'lieu', text: 'Le lieu ou le lien', correct: true },
                  {
                    id: 'notes',
                    text: 'Les notes des autres participants',
                    correct: false,
                    feedback: 'Elles ne regardent personne d’autre.',
                  },
                  { id: 'materiel', text: 'Le matériel à prévoir', correct: true },
                ],
              },
              {
                type: 'trueFalse',
                prompt:
                  'Un besoin particulier peut être transmis à toute l’équipe sans demander l’accord de la personne.',
                answer: false,
                feedbackTrue: 'Non : la personne décide de ce qui est transmis, et à qui.',
                feedbackFalse: 'En effet : son accord est nécessaire.',
              },
              {
                type: 'shortAnswer',
                prompt: 'Comment nomme-t-on la personne à qui s’adresser en cas de difficulté ?',
                answers: [
                  { text: 'référent', percent: 100, feedback: 'Oui.' },
                  { text: 'référente', percent: 100, feedback: 'Oui.' },
                  {
                    text: 'tuteur',
                    percent: 50,
                    feedback: 'Presque : le tuteur accompagne, le référent répond.',
                  },
                ],
              },
              {
                type: 'numeric',
                prompt: 'Combien de jours avant le début envoie-t-on la convocation ?',
                unit: 'jours',
                feedback: 'Une semaine laisse le temps de vérifier les accès.',
                answers: [
                  { value: 7, tolerance: 0, percent: 100 },
                  { value: 7, tolerance: 1, percent: 50, feedback: 'À un jour près.' },
                ],
              },
            ].map((question) => questionInput.parse(question)),
          },
        ],
      },
      {
        title: 'Les premiers jours',
        summary: 'De la première heure au premier bilan.',
        activities: [
          lesson(
            'La première heure',
            7,
            true,
            p(
              'La première heure se prépare comme une séance. Voici un déroulé qui convient en salle comme à distance.',
            ),
            table(
              ['Durée', 'Ce que l’on fait', 'Pourquoi'],
              ['10 min', 'Se saluer, vérifier que chacun entend et voit', 'Être attendu'],
              ['20 min', 'Se présenter deux par deux, puis présenter l’autre', 'Parler tôt, sans risque'],
              ['15 min', 'Montrer où l’on va et comment on saura que l’on y est', 'Pouvoir réussir'],
              ['15 min', 'Faire un premier exercice, court et faisable', 'Avoir réussi'],
            ),
            callout(
              'exercise',
              'À vous',
              p(
                'Écrivez la phrase par laquelle vous ouvrirez votre prochaine séance. Lisez-la à voix haute.',
              ),
              callout(
                'solution',
                'Un exemple',
                p('« Bienvenue. Aujourd’hui, chacun repart avec une chose terminée. »'),
              ),
            ),
          ),
          lesson(
            'Suivre et encourager',
            6,
            true,
            p(
              'Le suivi ne demande pas un outil de plus : il demande un **rendez-vous** et une **question**.',
            ),
            list(
              'bullet',
              'Au troisième jour : « Qu’est-ce qui est plus difficile que prévu ? »',
              'À la fin de la première semaine : un bilan de dix minutes.',
              'Après trois jours sans visite : un message, jamais un reproche.',
            ),
            callout(
              'keypoints',
              'À retenir',
              p(
                'Regardez la page de suivi deux fois par semaine. Écrivez à une personne à la fois, par son prénom.',
              ),
            ),
            p('Vous avez terminé : votre certificat vous attend.'),
          ),
        ],
      },
    ],
  };
}

/** A second, short course: a catalogue of one does not look like a catalogue. */
export const objectivesCourse: DraftCourse = {
  slug: 'formuler-un-objectif-pedagogique',
  title: 'Formuler un objectif pédagogique',
  summary: 'Passer d’un thème à ce que la personne saura faire, en une phrase que l’on peut vérifier.',
  objectives: ['Distinguer un thème d’un objectif', 'Choisir un verbe que l’on peut observer'],
  audience: 'Toute personne qui conçoit une séance.',
  prerequisites: '',
  selfEnrolment: true,
  modules: [
    {
      title: 'Une phrase, un verbe',
      summary: '',
      activities: [
        lesson(
          'Du thème à l’objectif',
          5,
          false,
          p(
            '« La sécurité incendie » est un thème. « _À la fin, la personne saura choisir l’extincteur selon le feu_ » est un objectif.',
          ),
          list(
            'bullet',
            '**Qui** : la personne, pas le formateur.',
            '**Quoi** : un verbe d’action.',
            '**Comment on le voit** : une situation.',
          ),
          callout(
            'warning',
            'Verbes à éviter',
            p('Comprendre, connaître, être sensibilisé : personne ne peut les observer.'),
          ),
        ),
        {
          type: 'quiz',
          title: 'Thème ou objectif ?',
          minutes: 3,
          afterPrevious: true,
          introduction: '',
          passPercent: 50,
          questions: [
            questionInput.parse({
              type: 'trueFalse',
              prompt: '« Comprendre la TVA » est un objectif que l’on peut observer.',
              answer: false,
              feedbackTrue:
                '« Comprendre » ne s’observe pas. « Calculer le montant de TVA d’une facture », oui.',
              feedbackFalse: 'En effet : on n’observe pas « comprendre ».',
            }),
          ],
        },
      ],
    },
  ],
};
