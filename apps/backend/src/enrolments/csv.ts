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
  const { headings } = WORDS[locale];
  const states = STATES[locale];
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
  return csvOf([headings, ...lines], locale);
}

/** Lines of cells, the first its headings, as spreadsheets of a language open them. */
export function csvOf(lines: readonly (readonly string[])[], locale: Locale): string {
  const separator = SEPARATORS[locale];
  return BYTE_ORDER_MARK + lines.map((line) => `${line.map(cell).join(separator)}\r\n`).join('');
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const SEPARATORS: Record<Locale, string> = { fr: ';', en: ',' };
export const STATES: Record<Locale, Record<EnrolmentRow['state'], string>> = {
  fr: { active: 'En cours', completed: 'Terminé', suspended: 'Suspendu', expired: 'Expiré' },
  en: { active: 'In progress', completed: 'Completed', suspended: 'Suspended', expired: 'Expired' },
};
const WORDS: Record<Locale, { headings: string[] }> = {
  fr: {
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
  },
  en: {
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
  },
};
