import type { Prose } from '#lib/prose.ts';

const updated = '2026-11-24T00:00:00Z';
const fr: Prose = {
  title: 'Déclaration d’accessibilité',
  description:
    'L’état d’accessibilité de ce site au regard du RGAA et des WCAG 2.2, les limites connues et comment les signaler.',
  lead: 'Préau vise le niveau AA des WCAG 2.2. Cette déclaration dit où nous en sommes.',
  updated,
  sections: [
    {
      id: 'etat',
      title: 'État de conformité',
      paragraphs: [
        'Ce site est déclaré partiellement conforme au RGAA 4.1 : il n’a pas encore fait l’objet d’un audit complet par un tiers.',
      ],
    },
    {
      id: 'fait',
      title: 'Ce qui est vérifié',
      paragraphs: [
        'À chaque version, les pages passent un contrôle automatique (axe-core), dans les deux langues, en clair et en sombre, sur petit et grand écran.',
      ],
      list: [
        'Contrastes d’au moins 4,5 : 1 pour le texte, 3 : 1 pour les contrôles.',
        'Navigation complète au clavier, focus toujours visible, lien d’évitement.',
        'Formulaires étiquetés ; une erreur nomme le champ, la raison et le remède.',
        'Mouvement supprimé si vous l’avez demandé à votre système.',
        'Mise en page lisible à 360 pixels et à 200 % de zoom.',
      ],
    },
    {
      id: 'limites',
      title: 'Limites connues',
      paragraphs: [
        'La page de paiement appartient au prestataire choisi. Les contenus publiés par les organisations sur leur plateforme relèvent d’elles ; l’atelier de création les aide à produire des contenus structurés.',
      ],
    },
    {
      id: 'signaler',
      title: 'Signaler un obstacle',
      paragraphs: [
        'Écrivez à l’adresse de la page Contact en indiquant la page et ce qui vous arrête : nous vous répondrons et vous proposerons une autre voie. Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits (defenseurdesdroits.fr).',
      ],
    },
  ],
};
const en: Prose = {
  title: 'Accessibility statement',
  description:
    'How accessible this site is with regard to RGAA and WCAG 2.2, its known limits and how to report them.',
  lead: 'Préau aims at WCAG 2.2 level AA. This statement says where we stand.',
  updated,
  sections: [
    {
      id: 'etat',
      title: 'Conformance',
      paragraphs: [
        'This site is declared partially conforming to RGAA 4.1: it has not been fully audited by a third party yet.',
      ],
    },
    {
      id: 'fait',
      title: 'What is verified',
      paragraphs: [
        'With every version the pages pass an automatic check (axe-core), in both languages, light and dark, on small and large screens.',
      ],
      list: [
        'Contrast of at least 4.5:1 for text, 3:1 for controls.',
        'Full keyboard navigation, focus always visible, a skip link.',
        'Labelled forms; an error names the field, the reason and the remedy.',
        'No motion where you asked your system for none.',
        'Layout readable at 360 pixels and at 200% zoom.',
      ],
    },
    {
      id: 'limites',
      title: 'Known limits',
      paragraphs: [
        'The payment page belongs to the chosen provider. What organisations publish on their platforms is theirs to answer for; the authoring studio helps them produce structured content.',
      ],
    },
    {
      id: 'signaler',
      title: 'Report an obstacle',
      paragraphs: [
        'Write to the address on the Contact page, naming the page and what stops you: we will answer and offer another way. Without a satisfactory answer you may turn to the French Defender of Rights (defenseurdesdroits.fr).',
      ],
    },
  ],
};
export const accessibility = { fr, en };
