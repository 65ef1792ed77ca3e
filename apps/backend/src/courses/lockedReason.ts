import type { Locale } from '@preau/contract';
import type { Reason } from '../progress/completion.ts';

/** What to do before a locked activity opens, as a sentence; empty where nothing is known. */
export function lockedReason(reasons: readonly Reason[], locale: Locale): string {
  return reasons.map((reason) => sentence(reason, locale)).join(' ');
}

function sentence(reason: Reason, locale: Locale): string {
  const french = locale === 'fr';
  switch (reason.kind) {
    case 'activity':
      return french ? `Terminez d’abord « ${reason.title} ».` : `First complete “${reason.title}”.`;
    case 'module':
      return french
        ? `Terminez d’abord le module « ${reason.title} ».`
        : `First complete the module “${reason.title}”.`;
    case 'score':
      return french
        ? `Obtenez d’abord ${reason.percent} % à « ${reason.title} ».`
        : `First reach ${reason.percent}% in “${reason.title}”.`;
    case 'date': {
      const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' });
      const day = date.format(new Date(reason.at));
      return french ? `Elle ouvrira le ${day}.` : `It opens on ${day}.`;
    }
    case 'any':
      return reason.reasons.map((one) => sentence(one, locale)).join(french ? ' Ou : ' : ' Or: ');
    case 'broken':
      return french ? 'Signalez-le à votre formateur.' : 'Please tell your trainer.';
  }
}
