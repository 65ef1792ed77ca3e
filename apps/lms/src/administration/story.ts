import type { TenantEntry } from '@preau/contract/audit';
import { role } from '@preau/contract/permission';
import type { SupportScope } from '@preau/contract/tenant/support';
import { supportScope } from '@preau/contract/tenant/support';
import type { Visit } from '@/server/visit';

export interface Story {
  /** Who did what, in a sentence. */
  sentence: string;
  /** What else is to be known, in a few words each. */
  notes: string[];
}

/** Whoever acted, also where they are gone or were never known. */
export function actorOf({ t }: Visit, { kind, id, name }: TenantEntry['actor']): string {
  if (name) return name;
  if (kind === 'visitor') return t('journal.visitor');
  if (kind === 'system' || kind === 'service') return t('journal.actors.system');
  return id ? t('journal.gone') : t('journal.visitor');
}

/** What an entry of the log says, in words. */
export function storyOf(visit: Visit, entry: TenantEntry): Story {
  const { t } = visit;
  const { details, names } = entry;
  const text = (name: string) => (typeof details[name] === 'string' ? details[name] : '');
  const nameOf = (id: string | null, gone: string) => (id && names[id]) || gone;
  const sentence = t(`journal.actions.${entry.action}`, {
    actor: actorOf(visit, entry.actor),
    target: nameOf(entry.target, t('journal.something')),
    person: nameOf(text('userId'), t('journal.someone')),
    title: text('title'),
    count: Array.isArray(details.userIds) ? details.userIds.length : 1,
    operation: words(visit, 'operations', text('operation')),
  });
  return { sentence, notes: notesOf(visit, entry, text) };
}

function notesOf(
  visit: Visit,
  { action, details, names, target, actor }: TenantEntry,
  text: (name: string) => string,
): string[] {
  const { t } = visit;
  const notes: string[] = [];
  if (text('means')) notes.push(words(visit, 'means', text('means')));
  if (action === 'person.role-changed')
    notes.push(
      t('journal.notes.role', {
        from: roleOf(visit, text('from'), names),
        to: roleOf(visit, text('to'), names),
      }),
    );
  if (text('role')) notes.push(roleOf(visit, text('role'), names));
  if (typeof details.percent === 'number')
    notes.push(t('journal.notes.score', { percent: details.percent, passed: String(details.passed) }));
  if (typeof details.rows === 'number') notes.push(t('journal.notes.rows', { count: details.rows }));
  const scope = supportScope.safeParse(details.scope);
  if (scope.success && typeof details.hours === 'number')
    notes.push(
      t('journal.notes.terms', {
        scope: scopeOf(visit, scope.data),
        hours: details.hours,
        exports: String(details.exports),
      }),
    );
  // What else the details name: the people who were enrolled, the course of an enrolment.
  const told = ['userId', 'from', 'to', 'role'].map(text);
  for (const [id, name] of Object.entries(names))
    if (![target, actor.id, ...told].includes(id)) notes.push(name);
  return notes;
}

export const scopeOf = ({ t }: Visit, scope: SupportScope) => t(`support.scopes.${scope}`);

/** A role that every platform has, or one of its own by its id. */
function roleOf({ t }: Visit, key: string, names: Record<string, string>): string {
  const builtIn = role.safeParse(key);
  return builtIn.success ? t(`admin.roles.${builtIn.data}`) : (names[key] ?? t('journal.something'));
}

/** The word for a name of the API; the name itself where a newer backend knows more than this build. */
function words({ t }: Visit, list: 'operations' | 'means', name: string): string {
  const key = `journal.${list}.${name}` as Parameters<typeof t>[0];
  return name && t.has(key) ? t(key) : name;
}
