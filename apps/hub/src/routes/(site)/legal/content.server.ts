import type { Prose } from '#lib/prose.ts';

const fr: Prose = {
  title: 'Mentions légales',
  description: 'Qui édite et héberge ce site.',
  lead: 'Qui édite ce site, et où il est hébergé.',
  sections: [
    {
      id: 'propriete',
      title: 'Propriété intellectuelle',
      paragraphs: [
        'Le nom, le dessin et le logiciel Préau sont protégés. Les contenus publiés sur une plateforme appartiennent à l’organisation qui les publie.',
        'Polices : Bricolage Grotesque, Instrument Sans et JetBrains Mono, sous licence SIL Open Font 1.1. Icônes : Lucide, sous licence ISC.',
      ],
    },
    {
      id: 'signalement',
      title: 'Signaler un contenu',
      paragraphs: [
        'Un contenu illicite sur une plateforme peut être signalé à l’adresse de la page Contact, avec son adresse exacte et ce qui vous paraît illicite.',
      ],
    },
  ],
};
const en: Prose = {
  title: 'Legal notice',
  description: 'Who publishes and hosts this site.',
  lead: 'Who publishes this site, and where it is hosted.',
  sections: [
    {
      id: 'propriete',
      title: 'Intellectual property',
      paragraphs: [
        'The name, the design and the software Préau are protected. What is published on a platform belongs to the organisation that publishes it.',
        'Fonts: Bricolage Grotesque, Instrument Sans and JetBrains Mono, under the SIL Open Font License 1.1. Icons: Lucide, under the ISC licence.',
      ],
    },
    {
      id: 'signalement',
      title: 'Report content',
      paragraphs: [
        'Unlawful content on a platform can be reported to the address on the Contact page, with its exact address and what seems unlawful to you.',
      ],
    },
  ],
};
export const legal = { fr, en };
