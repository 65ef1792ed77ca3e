import type { Locale } from '@preau/contract';
import type { TeamMember } from '@preau/contract/tenant/team';
import { STATES } from '../enrolments/csv.ts';
import { csvOf } from '../http/csv.ts';

/** A team as a table for spreadsheets, one line for each enrolment; whoever has none gets a line, too. */
export function teamCsv(members: readonly TeamMember[], locale: Locale): string {
  const day = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'short',
    timeZone: 'Europe/Paris',
  });
  const when = (instant: string | null) => (instant === null ? '' : day.format(new Date(instant)));
  const rows = members.flatMap(({ name, email, enrolments }) =>
    enrolments.length === 0
      ? [[name, email, '', '', '', '', '', '', '']]
      : enrolments.map((each) => [
          name,
          email,
          each.course.title,
          STATES[locale][each.state],
          String(each.percent),
          when(each.dueAt),
          when(each.lastSeenAt),
          when(each.completedAt),
          each.certificate ?? '',
        ]),
  );
  return csvOf([HEADINGS[locale], ...rows], locale);
}

const HEADINGS: Record<Locale, string[]> = {
  fr: [
    'Nom',
    'Adresse',
    'Formation',
    'État',
    'Avancement (%)',
    'Échéance',
    'Dernière visite',
    'Fin',
    'Certificat',
  ],
  en: ['Name', 'E-mail', 'Course', 'State', 'Progress (%)', 'Due', 'Last seen', 'Completed', 'Certificate'],
};
