import type { Prose } from '#lib/prose.ts';

const updated = '2026-11-24T00:00:00Z';
const fr: Prose = {
  title: 'Conditions générales de vente et d’utilisation',
  description: 'Les conditions de vente et d’utilisation des plateformes Préau, en langage clair.',
  lead: 'Écrites pour être lues. Elles s’appliquent entre l’exploitant de cette installation (« nous ») et l’organisation qui souscrit (« vous »).',
  updated,
  sections: [
    {
      id: 'objet',
      title: '1. Objet',
      paragraphs: [
        'Nous mettons à votre disposition une plateforme de formation dédiée, accessible par internet, selon l’offre que vous avez choisie. Le service s’adresse aux professionnels et aux organisations.',
      ],
    },
    {
      id: 'souscription',
      title: '2. Souscription',
      paragraphs: [
        'La commande est formée lorsque le paiement est confirmé par le prestataire. La plateforme est alors créée. Si la création échoue et ne peut être reprise, vous êtes remboursé.',
        'Vous répondez de l’exactitude des informations de votre organisation et de la garde de vos moyens d’accès.',
      ],
    },
    {
      id: 'prix',
      title: '3. Prix et paiement',
      paragraphs: [
        'Les prix sont affichés en euros hors taxes. La taxe applicable est calculée au paiement. L’abonnement est payé d’avance, au mois ou à l’année, et se renouvelle pour la même durée.',
        'Le prix d’une période commencée ne change pas. Un nouveau prix vous est annoncé au moins trente jours avant le renouvellement où il s’appliquera.',
      ],
    },
    {
      id: 'retard',
      title: '4. Retard de paiement',
      paragraphs: [
        'En cas d’échec, de nouvelles tentatives ont lieu et vous êtes prévenu. Sans régularisation, la plateforme passe en lecture seule, puis est suspendue après quatorze jours. Les données sont conservées pendant la suspension ; payer rétablit le service.',
      ],
    },
    {
      id: 'duree',
      title: '5. Durée et fin',
      paragraphs: [
        'Vous pouvez arrêter à tout moment ; l’arrêt prend effet à la fin de la période payée. Après la fin, vos données sont conservées trente jours et vous sont remises si vous le demandez, puis elles sont effacées après deux avis.',
      ],
    },
    {
      id: 'usage',
      title: '6. Usage',
      paragraphs: [
        'Vous vous engagez à ne pas publier de contenus illicites, à respecter les droits d’auteur et à ne pas chercher à atteindre les données d’autrui. Nous pouvons suspendre une plateforme qui met les autres en danger, en vous disant pourquoi.',
      ],
    },
    {
      id: 'donnees',
      title: '7. Données',
      paragraphs: [
        'Vos contenus et vos données vous appartiennent. Nous les traitons sur vos instructions, dans les conditions de l’article 28 du RGPD, et n’en faisons aucun autre usage. Voir la page Confidentialité.',
      ],
    },
    {
      id: 'disponibilite',
      title: '8. Disponibilité',
      paragraphs: [
        'Nous exploitons le service avec soin mais ne garantissons pas un taux de disponibilité, sauf engagement écrit dans votre offre.',
      ],
    },
    {
      id: 'responsabilite',
      title: '9. Responsabilité',
      paragraphs: [
        'Notre responsabilité est limitée aux dommages directs et au montant payé pour les douze derniers mois, sauf faute lourde ou dolosive et dans les limites de la loi.',
      ],
    },
    {
      id: 'droit',
      title: '10. Droit applicable',
      paragraphs: [
        'Le droit français s’applique. À défaut d’accord amiable, les tribunaux du siège de l’exploitant sont compétents.',
      ],
    },
  ],
};
const en: Prose = {
  title: 'Terms of sale and use',
  description: 'The terms of sale and use of Préau’s platforms, in plain language.',
  lead: 'Written to be read. They apply between whoever runs this installation (“we”) and the organisation that subscribes (“you”).',
  updated,
  sections: [
    {
      id: 'objet',
      title: '1. Purpose',
      paragraphs: [
        'We provide you with a dedicated learning platform over the internet, according to the plan you chose. The service is meant for businesses and organisations.',
      ],
    },
    {
      id: 'souscription',
      title: '2. Subscribing',
      paragraphs: [
        'The order is formed when the provider confirms the payment. The platform is then created. If its creation fails and cannot be resumed, you are refunded.',
        'You answer for the accuracy of your organisation’s information and for keeping your means of access safe.',
      ],
    },
    {
      id: 'prix',
      title: '3. Prices and payment',
      paragraphs: [
        'Prices are shown in euros, excluding tax. The applicable tax is computed at payment. The subscription is paid in advance, monthly or yearly, and renews for the same period.',
        'The price of a period that has begun does not change. A new price is announced at least thirty days before the renewal it applies to.',
      ],
    },
    {
      id: 'retard',
      title: '4. Late payment',
      paragraphs: [
        'When a payment fails it is tried again and you are told. Without settlement the platform becomes read-only, then is suspended after fourteen days. Data is kept during the suspension; paying restores the service.',
      ],
    },
    {
      id: 'duree',
      title: '5. Term and end',
      paragraphs: [
        'You may stop at any time; it takes effect at the end of the paid period. After the end your data is kept for thirty days and handed to you if you ask, then it is erased after two notices.',
      ],
    },
    {
      id: 'usage',
      title: '6. Use',
      paragraphs: [
        'You undertake not to publish unlawful content, to respect copyright and not to try to reach other people’s data. We may suspend a platform that endangers others, and will tell you why.',
      ],
    },
    {
      id: 'donnees',
      title: '7. Data',
      paragraphs: [
        'Your content and your data belong to you. We process them on your instructions, under article 28 of the GDPR, and make no other use of them. See the Privacy page.',
      ],
    },
    {
      id: 'disponibilite',
      title: '8. Availability',
      paragraphs: [
        'We run the service with care but do not guarantee a rate of availability, unless your plan says so in writing.',
      ],
    },
    {
      id: 'responsabilite',
      title: '9. Liability',
      paragraphs: [
        'Our liability is limited to direct damage and to the amount paid for the last twelve months, except for gross negligence or wilful misconduct and within the limits of the law.',
      ],
    },
    {
      id: 'droit',
      title: '10. Governing law',
      paragraphs: [
        'French law applies. Failing an amicable settlement, the courts of the operator’s registered office have jurisdiction.',
      ],
    },
  ],
};
export const terms = { fr, en };
