import type { IncomingMessage } from 'node:http';

/** Where whoever watches over a platform asks for its health. */
export const HEALTH_PATH = '/healthz';

/**
 * Programs that look at a platform without anybody using it, by what they call themselves: they neither wake it nor
 * keep it awake. A customer's own programs (curl, an HTTP library, a webhook) are none of them, so a general list of
 * bots, which names those too, would be the wrong one.
 */
const WATCHERS = new RegExp(
  [
    // Search engines, archives, and everybody who calls themselves a bot; not the telephones called Cubot.
    String.raw`(?<!cu)bot\b`,
    'crawl',
    'spider',
    'slurp',
    'mediapartners-google',
    'archiver',
    'bytespider',
    'google-(?:extended|inspectiontool|read-aloud|safety)',
    // Pictures of links in chats and mails: nobody has followed the link yet.
    'facebookexternalhit',
    'facebookcatalog',
    'whatsapp/',
    'slack-imgproxy',
    'skypeuripreview',
    'embedly',
    'bingpreview',
    'preview service',
    // Monitors.
    'uptime',
    'pingdom',
    'statuscake',
    'site24x7',
    'checkly',
    'betterstack',
    'datadog',
    'newrelic',
    'nagios',
    'check_http',
    'zabbix',
    'blackbox.exporter',
    'hetrixtools',
    'freshping',
    'lighthouse',
    // Health checks of load balancers and clusters, and the operator's own.
    'kube-probe',
    'elb-healthchecker',
    'googlehc',
    'haproxy',
    'consul health check',
    'traefik',
    'preau-operator',
    'preau-status',
  ].join('|'),
  'i',
);

/** Whether somebody uses the platform by this request. */
export const isActivity = (request: IncomingMessage): boolean =>
  !isHealthCheck(request) && !WATCHERS.test(request.headers['user-agent'] ?? '');

export const isHealthCheck = ({ url }: IncomingMessage): boolean =>
  url === HEALTH_PATH || url?.startsWith(`${HEALTH_PATH}?`) === true;

/**
 * A form that a browser sends off by leaving its page: what was typed exists nowhere else. Without TLS browsers do not
 * say how they ask; programs do not ask for HTML.
 */
export function isSubmission({ method, headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode'];
  if (method !== 'POST') return false;
  return mode === undefined ? /\btext\/html\b/.test(headers.accept ?? '') : mode === 'navigate';
}
