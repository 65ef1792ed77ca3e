import type { ResponseOf } from '@preau/contract';
import type { openProbe } from '@preau/contract/platform/instances';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { activitiesOf, loadVersion } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { signProbe } from './probe.ts';

/** The operator looks at a platform's course pages, which is written down. @throws Problem `not-found` or `state-forbids` */
export async function open(
  db: Db,
  { settings, db: scoped }: Pick<App, 'settings' | 'db'>,
  instanceId: string,
): Promise<ResponseOf<typeof openProbe>> {
  const { tenantId, lifecycle } = found(
    await db.maybe<{ tenantId: string; lifecycle: string }>(
      'SELECT tenant_id AS "tenantId", lifecycle FROM instances WHERE id = $1',
      [instanceId],
    ),
  );
  if (lifecycle !== 'live') refuse('state-forbids');
  const pages = await pagesOf(scoped({ kind: 'tenant', tenantId }));
  await db.transaction((tx) => record(tx, { action: 'instance.probed', target: instanceId }));
  return { ...signProbe(settings.PAYLOAD_SECRET, { instanceId, tenantId }), pages };
}

async function pagesOf(db: Db): Promise<string[]> {
  const course = await db.maybe<{ slug: string; versionId: string }>(
    `SELECT slug, published_version_id AS "versionId" FROM courses WHERE published_version_id IS NOT NULL
     ORDER BY updated_at DESC LIMIT 1`,
  );
  if (!course) return [];
  const version = await loadVersion(db, course.versionId);
  const lesson = version && activitiesOf(version).find(({ type }) => type === 'lesson');
  return [`/courses/${course.slug}`, ...(lesson ? [`/activities/${lesson.id}`] : [])];
}
