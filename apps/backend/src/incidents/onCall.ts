import { hubPages } from '../accounts/hubPages.ts';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { incidentOpened } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { postToAll } from '../mail/post.ts';

const LOCK = 7_246_140;

/**
 * Tells who is on call of each incident, once: the mail's kind names it, so that the log of mails is the memory. What
 * is older than a day is no news.
 */
export async function tellOnCall({ settings }: Pick<App, 'settings'>, db: Db): Promise<void> {
  const { ON_CALL_EMAIL: people, PREAU_PUBLIC_URL } = settings;
  if (people.length === 0) return;
  await db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const news = await tx.query<{ id: string; title: string; severity: string; kind: string }>(
      `SELECT n.id, n.title, n.severity, n.kind FROM incidents n
       WHERE n.state = 'open' AND n.created_at > now() - interval '1 day'
         AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.kind = 'incident-' || n.id AND m.created_at > now() - interval '2 days')
       ORDER BY n.created_at`,
    );
    const url = `${hubPages(PREAU_PUBLIC_URL, 'fr').incidents}?state=open`;
    for (const incident of news)
      await postToAll(tx, {
        to: people,
        locale: 'fr',
        sender: house,
        letter: incidentOpened({ ...incident, url }),
      });
  });
}
