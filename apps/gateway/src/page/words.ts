export type Language = 'fr' | 'en';

/** Every situation in which the gateway itself answers. */
export type Situation =
  | 'unknown'
  | 'starting'
  | 'sleeping'
  | 'unsent'
  | 'suspended'
  | 'failed'
  | 'down'
  | 'service-down'
  | 'slow'
  | 'misdirected'
  | 'malformed'
  | 'method'
  | 'too-large'
  | 'stalled';

interface Words {
  title: string;
  text: string;
}
interface Facts {
  status: number;
  /** When it is worth asking again. */
  retryAfterSeconds?: number;
  fr: Words;
  en: Words;
}

/** `{host}`, `{name}` and `{domain}` are filled in. Nothing here may tell what a customer's platform holds. */
export const situations: Readonly<Record<Situation, Facts>> = {
  unknown: {
    status: 404,
    fr: {
      title: 'Il n’y a pas de plateforme à cette adresse',
      text: 'Aucune plateforme ne répond au nom {host}. Vérifiez l’adresse, ou demandez-la à votre organisme de formation.',
    },
    en: {
      title: 'There is no platform at this address',
      text: 'No platform answers to the name {host}. Check the address, or ask your training organisation for it.',
    },
  },
  starting: {
    status: 503,
    retryAfterSeconds: 2,
    fr: {
      title: '{name} démarre',
      text: 'La plateforme s’ouvre dans quelques secondes, ici même.',
    },
    en: {
      title: '{name} is starting',
      text: 'The platform opens in a few seconds, right here.',
    },
  },
  sleeping: {
    status: 503,
    retryAfterSeconds: 2,
    fr: {
      title: '{name} se réveille',
      text: 'La plateforme était en veille. Elle s’ouvre dans quelques secondes, ici même.',
    },
    en: {
      title: '{name} is waking up',
      text: 'The platform was asleep. It opens in a few seconds, right here.',
    },
  },
  unsent: {
    status: 503,
    retryAfterSeconds: 5,
    fr: {
      title: '{name} se réveille encore',
      text: 'Votre envoi n’est pas parti. Revenez à la page précédente : votre navigateur a gardé ce que vous avez saisi. Renvoyez-le dans quelques secondes.',
    },
    en: {
      title: '{name} is still waking up',
      text: 'What you sent has not gone through. Go back to the previous page: your browser kept what you typed. Send it again in a few seconds.',
    },
  },
  suspended: {
    status: 503,
    fr: {
      title: '{name} : accès suspendu',
      text: 'La plateforme est fermée pour le moment ; vos données sont conservées. Adressez-vous à votre organisme de formation. Vous l’administrez ? Son état est indiqué dans votre espace.',
    },
    en: {
      title: '{name} is suspended',
      text: 'The platform is closed for now; your data is kept. Contact your training organisation. Are you its administrator? Your account shows its state.',
    },
  },
  failed: {
    status: 503,
    retryAfterSeconds: 60,
    fr: {
      title: '{name} n’a pas pu démarrer',
      text: 'Notre équipe en est informée et vos données sont intactes. Réessayez dans quelques minutes. Vous l’administrez ? Son état est indiqué dans votre espace.',
    },
    en: {
      title: '{name} could not start',
      text: 'Our team has been told and your data is intact. Try again in a few minutes. Are you its administrator? Your account shows its state.',
    },
  },
  down: {
    status: 502,
    retryAfterSeconds: 5,
    fr: {
      title: '{name} ne répond pas',
      text: 'La plateforme est momentanément injoignable. Réessayez dans un instant ; si cela dure, citez la référence ci-dessous.',
    },
    en: {
      title: '{name} is not answering',
      text: 'The platform cannot be reached for a moment. Try again shortly; if it lasts, quote the reference below.',
    },
  },
  'service-down': {
    status: 502,
    retryAfterSeconds: 5,
    fr: {
      title: 'Le service ne répond pas',
      text: 'Préau est momentanément injoignable. Réessayez dans un instant ; si cela dure, citez la référence ci-dessous.',
    },
    en: {
      title: 'The service is not answering',
      text: 'Préau cannot be reached for a moment. Try again shortly; if it lasts, quote the reference below.',
    },
  },
  slow: {
    status: 504,
    fr: {
      title: 'La réponse tarde trop',
      text: 'La demande n’a pas abouti en une minute. Réessayez ; si cela dure, citez la référence ci-dessous.',
    },
    en: {
      title: 'The answer is taking too long',
      text: 'The request did not complete within a minute. Try again; if it lasts, quote the reference below.',
    },
  },
  misdirected: {
    status: 421,
    fr: {
      title: 'Cette adresse n’est pas servie ici',
      text: 'Le nom demandé ne fait pas partie de {domain}. Vérifiez l’adresse.',
    },
    en: {
      title: 'This address is not served here',
      text: 'The name asked for is not part of {domain}. Check the address.',
    },
  },
  malformed: {
    status: 400,
    fr: {
      title: 'La demande est illisible',
      text: 'Votre navigateur a envoyé une demande que nous ne pouvons pas lire. Vérifiez l’adresse et recommencez.',
    },
    en: {
      title: 'The request cannot be read',
      text: 'Your browser sent a request that we cannot read. Check the address and try again.',
    },
  },
  method: {
    status: 405,
    fr: { title: 'Cette action n’existe pas', text: 'La méthode de cette demande n’est pas acceptée.' },
    en: { title: 'This action does not exist', text: 'The method of this request is not accepted.' },
  },
  'too-large': {
    status: 413,
    fr: {
      title: 'L’envoi est trop volumineux',
      text: 'Le contenu dépasse la taille permise. Réduisez-le et recommencez.',
    },
    en: {
      title: 'The upload is too large',
      text: 'The content exceeds the permitted size. Make it smaller and try again.',
    },
  },
  stalled: {
    status: 408,
    fr: {
      title: 'L’envoi s’est interrompu',
      text: 'Plus rien n’est arrivé pendant une demi-minute. Vérifiez votre connexion et recommencez.',
    },
    en: {
      title: 'The upload came to a halt',
      text: 'Nothing more arrived for half a minute. Check your connection and try again.',
    },
  },
};

export const phrases = {
  platform: { fr: 'La plateforme', en: 'The platform' },
  reference: { fr: 'Référence :', en: 'Reference:' },
  retry: { fr: 'Réessayer', en: 'Try again' },
  open: { fr: 'Ouvrir la plateforme', en: 'Open the platform' },
  home: { fr: 'Aller à l’accueil de Préau', en: 'Go to Préau’s home page' },
  account: { fr: 'Ouvrir mon espace', en: 'Open my account' },
} as const;

/**
 * French or English by an Accept-Language header (RFC 9110 12.5.4, weights honoured); `otherwise` where it names
 * neither. The header is read up to 500 characters.
 */
export function language(header: string | undefined, otherwise: Language = 'fr'): Language {
  let best: Language = otherwise;
  let weight = 0;
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const primary = tag.trim().split('-')[0];
    if (primary !== 'fr' && primary !== 'en') continue;
    const q = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1]).find(Boolean);
    const own = q === undefined ? 1 : Number(q);
    if (own > weight) {
      best = primary;
      weight = own;
    }
  }
  return best;
}
