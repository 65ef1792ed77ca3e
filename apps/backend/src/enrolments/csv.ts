import type { Locale } from '@preau/contract';
import type { EnrolmentRow } from '@preau/contract/tenant/enrolments';

const BYTE_ORDER_MARK = '\ufeff';
/** What spreadsheets would take for a formula: such a cell is kept as text by an apostrophe. */
const FORMULA = /^[\s]*[=+\-@\t\r]/;

/**
 * Learners as a table for spreadsheets: UTF-8 with a byte order mark, CRLF (RFC 4180), every cell quoted.
 * French spreadsheets part columns by semicolons and write decimals with a comma.
 */
export function enrolmentsCsv(rows: readonly EnrolmentRow[], locale: Locale): string {
  const { headings, states, separator } = WORDS[locale];
  const date = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  });
  const number = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 2 });
  const when = (instant: string | null) => (instant === null ? '' : date.format(new Date(instant)));
  const lines = rows.map((row) => [
    row.user.name,
    row.user.email,
    states[row.state],
    number.format(row.percent),
    row.currentActivity ?? '',
    row.bestQuizPercent === null ? '' : number.format(row.bestQuizPercent),
    number.format(Math.round(row.timeSpentSeconds / 60)),
    when(row.enrolledAt),
    when(row.lastSeenAt),
    when(row.completedAt),
    number.format(row.version),
  ]);
  return (
    BYTE_ORDER_MARK + [headings, ...lines].map((line) => `${line.map(cell).join(separator)}\r\n`).join('')
  );
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const WORDS: Record<
  Locale,
  { separator: string; headings: string[]; states: Record<EnrolmentRow['state'], string> }
> = {
  fr: {
    separator: ';',
    headings: [
      'Nom',
      'Adresse',
      'État',
      'Avancement (%)',
      'Activité en cours',
      'Meilleur résultat (%)',
      'Temps passé (min)',
      'Inscription',
      'Dernière visite',
      'Fin',
      'Version',
    ],
    states: { active: 'En cours', completed: 'Terminé', suspended: 'Suspendu', expired: 'Expiré' },
  },
  en: {
    separator: ',',
    headings: [
      'Name',
      'E-mail',
      'State',
      'Progress (%)',
      'Current activity',
      'Best score (%)',
      'Time spent (min)',
      'Enrolled',
      'Last seen',
      'Completed',
      'Version',
    ],
    states: { active: 'In progress', completed: 'Completed', suspended: 'Suspended', expired: 'Expired' },
  },
};
