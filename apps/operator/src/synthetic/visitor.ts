import { call } from '../endpoint.ts';

const TIMEOUT_MS = 30_000;
const MAX_HOPS = 8;
/** A name of its own: to the gateway it is a person, as sleeping platforms wake for it and its requests count. */
const USER_AGENT = 'Preau-Synthetic-Customer';

export interface Page {
  url: URL;
  status: number;
  html: string;
}

/** A visitor without scripts: keeps cookies, fills forms in and follows redirections, as a browser does. */
export class Visitor {
  readonly #gateway: string;
  /** By host, then by name. */
  readonly #cookies = new Map<string, Map<string, string>>();

  /** @param gatewayUrl where the public port is dialled, whatever name is asked for */
  constructor(gatewayUrl: string) {
    this.#gateway = gatewayUrl;
  }

  /** A page as it answers, whatever its status. */
  async look(url: URL): Promise<Page> {
    return this.#follow(url, await this.#exchange(url));
  }

  /** @throws Error where the page does not answer 200 after its redirections */
  async open(url: URL): Promise<Page> {
    return this.#expect(await this.look(url));
  }

  /**
   * Sends a form by POST and follows where it leads.
   * @param path where to, from the page; `''` is the page itself
   * @param fields what is typed; hidden fields of the page go with it
   * @throws Error that names the page and its status where the form is not accepted
   */
  async send(page: Page, path: string, fields: Record<string, string>): Promise<Page> {
    const url = new URL(path, page.url);
    const body = new URLSearchParams({ ...hiddenFields(page.html), ...fields }).toString();
    return this.#expect(await this.#follow(url, await this.#exchange(url, body, page.url.origin)));
  }

  #expect(page: Page): Page {
    if (page.status === 200) return page;
    throw new Error(`${page.url.host}${page.url.pathname} answered ${page.status}.`);
  }

  async #follow(url: URL, first: Exchange): Promise<Page> {
    let answer = first;
    let at = url;
    for (let hop = 0; answer.location !== undefined; hop += 1) {
      if (hop === MAX_HOPS) throw new Error(`${url.host}${url.pathname} redirects without end.`);
      at = new URL(answer.location, at);
      answer = await this.#exchange(at);
    }
    return { url: at, status: answer.status, html: answer.html };
  }

  async #exchange(url: URL, form?: string, origin?: string): Promise<Exchange> {
    const cookies = [...(this.#cookies.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`);
    const { status, headers, body } = await call(this.#gateway, {
      method: form === undefined ? 'GET' : 'POST',
      path: url.pathname + url.search,
      host: url.host,
      userAgent: USER_AGENT,
      headers: {
        accept: 'text/html',
        'accept-language': 'fr',
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...(origin && { origin, 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form !== undefined && { body: form }),
      timeoutMs: TIMEOUT_MS,
    });
    this.#keep(url.host, [headers['set-cookie'] ?? []].flat());
    const location = status >= 300 && status < 400 ? [headers.location].flat()[0] : undefined;
    return { status, html: body, location };
  }

  #keep(host: string, lines: readonly string[]): void {
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      if (attributes.some((one) => /^\s*max-age=0$/i.test(one))) jar.delete(name);
      else jar.set(name, pair.slice(pair.indexOf('=') + 1).trim());
    }
  }
}

interface Exchange {
  status: number;
  html: string;
  location: string | undefined;
}

const plain = (text: string) =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** An attribute of a tag as our own pages write it: in double quotes. */
const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : plain(value);
};

/** The inputs of our own pages that a name is given to; these pages are no strangers', so their tags are plain. */
export function inputs(html: string): { name: string; value: string; type: string }[] {
  return [...html.matchAll(/<input\b[^>]*>/g)].flatMap(([tag]) => {
    const name = attribute(tag, 'name');
    return name ? { name, value: attribute(tag, 'value') ?? '', type: attribute(tag, 'type') ?? 'text' } : [];
  });
}

const hiddenFields = (html: string): Record<string, string> =>
  Object.fromEntries(
    inputs(html)
      .filter(({ type }) => type === 'hidden')
      .map(({ name, value }) => [name, value]),
  );
