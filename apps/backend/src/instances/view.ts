import type { App } from '../app.ts';

/** Whose eyes an answer is for: only staff and the operator learn why a step failed. */
export type Audience = 'customer' | 'staff';

/** `https://slug.domain` of a platform, as an SQL expression over a slug. */
export function urlSql(app: App, slug: string): string {
  const { protocol, host } = new URL(app.settings.PREAU_PUBLIC_URL);
  if (!/^[\w.:[\]-]+$/.test(host)) throw new Error('PREAU_PUBLIC_URL names no host');
  return `'${protocol}//' || ${slug} || '.${host}'`;
}

/** `operation` of the contract over a row `o` of `operations`. */
export const operationSql = (audience: Audience) => `json_build_object(
  'id', o.id, 'instanceId', o.instance_id, 'type', o.type, 'state', o.state, 'generation', o.generation::int,
  'createdAt', o.created_at, 'finishedAt', o.finished_at, 'deadline', o.deadline,
  'steps', (SELECT coalesce(json_agg(json_build_object(
     'position', s.position::int, 'name', s.name, 'state', s.state, 'attempt', s.attempt::int,
     'startedAt', s.started_at, 'finishedAt', s.finished_at,
     'message', ${audience === 'staff' ? 's.message' : 'NULL'}) ORDER BY s.position), '[]')
    FROM operation_steps s WHERE s.operation_id = o.id))`;

/** `instance` of the contract over a row `i` of `instances`, with its open or last operation. */
export const instanceSql = (app: App, audience: Audience) => `json_build_object(
  'id', i.id, 'organisationId', i.organisation_id, 'slug', i.slug, 'name', i.name, 'url', ${urlSql(app, 'i.slug')},
  'lifecycle', i.lifecycle, 'power', i.power, 'health', i.health, 'release', i.release,
  'planCode', (SELECT p.code FROM plan_versions v JOIN plans p ON p.id = v.plan_id WHERE v.id = i.plan_version_id),
  'planName', (SELECT v.texts -> 'name' FROM plan_versions v WHERE v.id = i.plan_version_id),
  'branding', i.branding, 'locale', i.locale, 'liveSince', i.live_since, 'createdAt', i.created_at,
  'operation', (SELECT ${operationSql(audience)} FROM operations o WHERE o.instance_id = i.id
                ORDER BY (o.state IN ('pending', 'running')) DESC, o.created_at DESC LIMIT 1))`;

/** `desiredInstance` of the contract over a row `i` of `instances`: what the operator needs to run it. */
export function desiredSql(app: App): string {
  const { hostname } = new URL(app.settings.PREAU_PUBLIC_URL);
  if (!/^[\w.-]+$/.test(hostname)) throw new Error('PREAU_PUBLIC_URL names no host');
  return `json_build_object(
  'id', i.id, 'tenantId', i.tenant_id, 'slug', i.slug, 'host', i.slug || '.${hostname}', 'url', ${urlSql(app, 'i.slug')},
  'name', i.name, 'locale', i.locale, 'lifecycle', i.lifecycle, 'power', i.power, 'health', i.health, 'wanted', i.wanted,
  'generation', i.generation::int, 'observedGeneration', i.observed_generation::int, 'release', i.release,
  'targetRelease', CASE WHEN i.target_release IS NOT NULL THEN json_build_object('id', i.target_release,
     'digest', (SELECT l.digest FROM releases l WHERE l.name = i.target_release)) END,
  'endpoint', i.endpoint, 'machine', i.machine, 'entitlements', (SELECT t.entitlements FROM tenants t WHERE t.id = i.tenant_id),
  'keySince', (SELECT max(k.created_at) FROM instance_keys k WHERE k.instance_id = i.id AND k.revoked_at IS NULL),
  'firstAdministrator', (SELECT json_build_object('email', a.email, 'name', a.name)
     FROM orders r JOIN accounts a ON a.id = r.account_id WHERE r.id = i.order_id),
  'openOperation', (SELECT ${operationSql('staff')} FROM operations o
     WHERE o.instance_id = i.id AND o.state IN ('pending', 'running')))`;
}
