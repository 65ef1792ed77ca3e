import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { drawing } from '@preau/design/drawing';
import { plainSheet } from '@preau/design/plainSheet';
import { HSTS } from '../headers.ts';
import type { Language, Situation } from './words.ts';
import { language, phrases, situations } from './words.ts';

const sheet = `${plainSheet()}
*,::before,::after{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;grid-template-rows:auto 1fr auto}
header{padding:1.5rem clamp(1.25rem,5vw,3rem)}
header a{display:inline-flex;align-items:center;gap:.6rem;min-height:44px;color:var(--ink);font:650 1.2rem var(--face-heading);text-decoration:none}
main{align-self:center;padding:1rem clamp(1.25rem,5vw,3rem) 3rem;width:100%;max-width:44rem;margin:0 auto}
h1{font-size:clamp(1.73rem,1.4rem + 1.5vw,2.44rem);margin:0 0 1rem;overflow-wrap:anywhere}
main p{margin:0 0 1.25rem;color:var(--ink-soft);font-size:1.06rem;max-width:62ch;overflow-wrap:anywhere}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:2rem}
.actions a{display:inline-flex;align-items:center;min-height:44px;padding:.5rem 1.1rem;border-radius:var(--radius);text-decoration:none;font-weight:600;border:1px solid var(--line-strong);color:var(--ink)}
.actions a.first{background:var(--brand);border-color:var(--brand);color:var(--on-brand)}
.actions a.first:hover{background:var(--brand-hover)}
.actions a:not(.first):hover{background:var(--sunken)}
.reference{font-size:.9rem;margin-top:2rem}
.reference code{color:var(--ink);overflow-wrap:anywhere}
.progress{height:4px;max-width:20rem;margin:2rem 0 0;border-radius:4px;background:var(--line);overflow:hidden}
.progress::before{content:"";display:block;height:100%;width:35%;border-radius:4px;background:var(--brand);animation:walk 1.6s ease-in-out infinite alternate}
@keyframes walk{to{margin-left:65%}}
.drawing{display:block;line-height:0;overflow:hidden}
.drawing svg{--width:max(100%,36rem);width:var(--width);margin-left:calc((100% - var(--width))/2);height:auto;max-height:30vh}
.green{fill:var(--brand)}.ochre{fill:var(--accent)}
@media (prefers-reduced-motion:reduce){.progress::before{width:100%}}`;

const mark = drawing('mark').text;
const arches = drawing('arches').text.replace('<svg ', '<svg preserveAspectRatio="xMidYMax slice" ');

const STATE_HEADER = 'Preau-State';

/**
 * Asks quietly until the answer is another one, then shows it. A page that reloads itself every two seconds would
 * interrupt whoever has it read aloud (WCAG 2.2.1). With a fragment, replacing the address by itself would only scroll.
 */
const watch = `(async()=>{const was=document.documentElement.dataset.state;for(let wait=1000;;wait=Math.min(wait*1.3,10000)){await new Promise(r=>setTimeout(r,wait));try{const a=await fetch(location.href,{method:'HEAD',cache:'no-store',headers:{Accept:'text/html'}});if(a.headers.get('${STATE_HEADER}')!==was)return location.hash?location.reload():location.replace(location.href)}catch{}}})()`;
/**
 * Without scripts the page does load itself again. It names its address: where that had a fragment, browsers would
 * only scroll.
 */
const reload = (address: string) =>
  `<noscript><meta http-equiv="refresh" content="5;url=${escapeHtml(address)}"></noscript>\n`;
const digest = (text: string) => createHash('sha256').update(text).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${digest(sheet)}'; script-src 'sha256-${digest(watch)}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** What a page may know: never anything of the customer beyond the platform's name. */
export interface Scene {
  situation: Situation;
  requestId: string;
  /** Where the hub is, e.g. `https://preau.example`. */
  publicUrl: URL;
  host?: string | undefined;
  /** The page's own address, as far as the browser says it. */
  address?: string | undefined;
  /** The platform's name, its own language. */
  name?: string | undefined;
  locale?: Language | undefined;
  /** Where another moment to come again is known than the situation's own. */
  retryAfterSeconds?: number | undefined;
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Filled {
  status: number;
  language: Language;
  title: string;
  text: string;
  retryAfterSeconds: number | undefined;
}

function fill(scene: Scene, acceptLanguage: string | undefined): Filled {
  const spoken = language(acceptLanguage, scene.locale);
  const facts = situations[scene.situation];
  const values: Record<string, string> = {
    host: scene.host ?? '',
    name: scene.name ?? phrases.platform[spoken],
    domain: scene.publicUrl.hostname,
  };
  const put = (template: string) => template.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
  return {
    status: facts.status,
    language: spoken,
    title: put(facts[spoken].title),
    text: put(facts[spoken].text),
    retryAfterSeconds: scene.retryAfterSeconds ?? facts.retryAfterSeconds,
  };
}

const REFRESHING: ReadonlySet<Situation> = new Set(['starting', 'sleeping']);
const FOR_ADMINISTRATORS: ReadonlySet<Situation> = new Set(['suspended', 'failed']);
const WORTH_RETRYING: ReadonlySet<Situation> = new Set([
  'starting',
  'sleeping',
  'failed',
  'down',
  'service-down',
  'slow',
]);

/** A whole page in one answer. */
export function html(scene: Scene, acceptLanguage: string | undefined): string {
  const { language: spoken, title, text } = fill(scene, acceptLanguage);
  const home = escapeHtml(scene.publicUrl.origin);
  const refreshes = REFRESHING.has(scene.situation);
  const links: string[] = [];
  if (WORTH_RETRYING.has(scene.situation)) links.push(`<a href="">${phrases.retry[spoken]}</a>`);
  if (FOR_ADMINISTRATORS.has(scene.situation)) {
    links.push(`<a href="${home}/${spoken === 'en' ? 'en/' : ''}account">${phrases.account[spoken]}</a>`);
  }
  if (scene.situation === 'unsent') links.push(`<a href="/">${phrases.open[spoken]}</a>`);
  if (links.length === 0) links.push(`<a href="${home}/">${phrases.home[spoken]}</a>`);
  const first = links[0]?.replace('<a ', '<a class="first" ');
  return `<!doctype html>
<html lang="${spoken}" data-state="${scene.situation}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${refreshes ? reload(scene.address ?? '') : ''}<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${sheet}</style>
</head>
<body>
<header><a href="${home}/">${mark}Préau</a></header>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
${refreshes ? '<div class="progress"></div>\n' : ''}<p class="actions">${[first, ...links.slice(1)].join('')}</p>
<p class="reference">${phrases.reference[spoken]} <code>${escapeHtml(scene.requestId)}</code></p>
</main>
<div class="drawing">${arches}</div>
${refreshes ? `<script>${watch}</script>\n` : ''}</body>
</html>
`;
}

/** Browsers ask for text/html by name; everything else gets an RFC 9457 problem. */
export const wantsHtml = (request: IncomingMessage): boolean =>
  /\btext\/html\b/.test(request.headers.accept ?? '');

/** Name/value pairs and body of the gateway's own answer. */
export function answer(
  scene: Scene,
  request: IncomingMessage,
): { status: number; headers: Record<string, string>; body: string } {
  const asPage = wantsHtml(request);
  const acceptLanguage = request.headers['accept-language'];
  const { status, title, text, retryAfterSeconds, language: spoken } = fill(scene, acceptLanguage);
  const body = asPage
    ? html(scene, acceptLanguage)
    : `${JSON.stringify({
        type: `urn:preau:problem:gateway-${scene.situation}`,
        title,
        status,
        detail: text,
        reference: scene.requestId,
      })}\n`;
  const headers: Record<string, string> = {
    'Content-Type': asPage ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Content-Language': spoken,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    Vary: 'Accept, Accept-Language',
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': scene.requestId,
    [STATE_HEADER]: scene.situation,
  };
  if (scene.publicUrl.protocol === 'https:') headers['Strict-Transport-Security'] = HSTS;
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  if (scene.situation === 'method') headers.Allow = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
  return { status, headers, body };
}

/** Answers where nothing was sent yet; otherwise cuts the connection, so that half an answer looks like one. */
export function answerWith(scene: Scene, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, headers, body } = answer(scene, request);
  // What is left of a refused body is not read: the connection ends with this answer.
  if (!request.complete) headers.Connection = 'close';
  response.writeHead(status, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}
