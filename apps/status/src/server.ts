import { createServer, type Server, type ServerResponse } from 'node:http';
import { feed, overall, page, policy, type Scene, shareOf } from './page/page.ts';
import type { Language } from './page/words.ts';

const FRESH_SECONDS = 15;

/** The page, the same as JSON and as a feed, and the process's own health. Nothing else, and nothing to write. */
export function createStatusServer(scene: () => Scene): Server {
  return createServer((request, response) => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0];
    const send = (type: string, body: string, more: Record<string, string> = {}) =>
      answer(response, method === 'HEAD', type, body, more);
    switch (path) {
      case '/healthz':
        return send('application/json', '{"status":"ok"}', { 'cache-control': 'no-store' });
      case '/': {
        // One address a language: who prefers English is led to it, once, by a link that can be turned round.
        const english = preferred(headers['accept-language']) === 'en' && !headers.referer;
        if (!english) return html('fr');
        response.writeHead(302, {
          location: '/en',
          vary: 'Accept-Language, Referer',
          'cache-control': 'no-store',
        });
        response.end();
        return;
      }
      case '/en':
        return html('en');
      case '/feed.atom':
        return send('application/atom+xml; charset=utf-8', feed(scene(), 'fr').text);
      case '/en/feed.atom':
        return send('application/atom+xml; charset=utf-8', feed(scene(), 'en').text);
      case '/status.json':
        return send('application/json; charset=utf-8', `${JSON.stringify(summary(scene()))}\n`, {
          'access-control-allow-origin': '*',
        });
      default:
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404\n');
    }

    function html(language: Language): void {
      send('text/html; charset=utf-8', page(scene(), language).text, {
        'content-language': language,
        'content-security-policy': policy,
        vary: 'Accept-Language, Referer',
      });
    }
  });
}

function answer(
  response: ServerResponse,
  headOnly: boolean,
  type: string,
  text: string,
  more: Record<string, string>,
): void {
  const body = Buffer.from(text);
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': `public, max-age=${FRESH_SECONDS}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
    ...more,
  });
  response.end(headOnly ? undefined : body);
}

/** The first of our languages that a browser names; French where it names none. */
function preferred(header: string | undefined): Language {
  for (const part of (header ?? '').split(',', 10)) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (language === 'fr' || language === 'en') return language;
  }
  return 'fr';
}

/** What tools read. Names and states are part of our promise: they are added to, never changed. */
function summary({ history, components, now }: Scene) {
  return {
    state: overall(history, components),
    components: components.map((name) => {
      const { state, checkedAt } = history.component(name);
      const days = history
        .days(name, now)
        .map(({ day, found }) => ({ day, available: shareOf([found]) ?? null }));
      return { name, state, checkedAt, days };
    }),
    outages: history.outages,
  };
}
