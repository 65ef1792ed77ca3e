/** Ways in that no schema declares: headers that other software believes, parameters of Payload, spellings of a path. */
import type { Probe } from './probe.ts';
import type { World } from './world.ts';

export interface Way {
  /** What the report counts it under comes before the colon. */
  way: string;
  change(probe: Probe): Probe;
}

export function plainWays({ victim }: World): Way[] {
  const host = `${victim.name}.localhost`;
  const header = (name: string, value: string): Way => ({
    way: `header:${name}`,
    change: (probe) => ({ ...probe, headers: { ...probe.headers, [name]: value } }),
  });
  const query = (way: string, text: string): Way => ({
    way,
    change: (probe) => ({
      ...probe,
      target: `${probe.target}${probe.target.includes('?') ? '&' : '?'}${text}`,
    }),
  });
  const path = (name: string, change: (target: string) => string): Way => ({
    way: `path spelling:${name}`,
    change: (probe) => ({ ...probe, target: change(probe.target) }),
  });
  const tenant = victim.tenantId;
  return [
    header('host', host),
    header('x-forwarded-host', host),
    header('forwarded', `host=${host};for=127.0.0.1`),
    header('x-tenant-id', tenant),
    header('x-tenant', victim.name),
    header('preau-tenant', tenant),
    header('preau-client-address', '127.0.0.1'),
    header('x-forwarded-for', '127.0.0.1'),
    header('x-original-url', '/v1/site'),
    header('x-rewrite-url', '/v1/site'),
    header('cookie', `payload-tenant=${tenant}; preau-session=${victim.name}`),
    header('x-http-method-override', 'DELETE'),
    header('x-payload-http-method-override', 'GET'),
    header('x-user-id', victim.people.values().next().value ?? ''),
    query('where', `where[tenant][equals]=${tenant}`),
    query('where:or', `where[or][0][tenant][equals]=${tenant}&where[or][1][id][exists]=true`),
    query('query:tenant', `tenant=${tenant}&tenantId=${tenant}&tenant_id=${tenant}`),
    query('sort', 'sort=-tenant&sort=tenant.name'),
    query('depth', 'depth=10'),
    query('select', 'select[tenant]=true&select[passwordHash]=true'),
    query('populate', 'populate[users][passwordHash]=true&populate[tenants][name]=true'),
    query('joins', 'joins[enrolments][limit]=0&joins[users][where][id][exists]=true'),
    query('draft', 'draft=true&trash=true'),
    query('version', 'versions=true&version=1'),
    query('locale', 'locale=all&fallback-locale=none'),
    query('bulk', 'limit=0&pagination=false&pageSize=1000&page=1'),
    query('method override', '_method=DELETE'),
    path('doubled slash', (target) => `/${target}`),
    path('dot', (target) => target.replace('/v1/', '/v1/./')),
    path('climb', (target) => target.replace('/v1/', '/v1/x/%2e%2e/')),
    path('case', (target) => target.replace('/v1/', '/V1/')),
    path('semicolon', (target) => target.replace('/v1/', `/v1;tenant=${tenant}/`)),
    path('absolute', (target) => `http://${host}${target}`),
  ];
}
