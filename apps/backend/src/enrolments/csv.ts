import type { Locale } from '@preau/contract';
import type { EnrolmentRow } from '@preau/contract/tenant/enrolments';
import { csvOf } from '../http/csv.ts';

/** Learners as a table for spreadsheets; French ones write decimals with a comma. */
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
