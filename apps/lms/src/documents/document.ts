import type { ProblemDetails } from '@preau/contract/problem';
import { type Area, bar } from '@/components/shell/bar';
import { foot } from '@/components/shell/foot';
import { described, skipStyle, windowTitle } from '@/components/shell/head';
import { notice } from '@/components/shell/notice';
import { refusal } from '@/components/shell/refusal';
import { type Html, html, trusted } from '@/html/html';
import { alert } from '@/html/parts';
import { themeStyle } from '@/server/theme';
import type { Visit } from '@/server/visitor';

/*
 * The pages that learners open most are documents: templates from the doctype on, sent as they are, without React
 * on either side. See docs/decisions/055-learner-pages-are-documents.md.
 */

/** A request for a document. */
export interface Asked {
  /** The address without its query. */
  path: string;
  query: URLSearchParams;
  /** What a form of the page sent; null where it is only looked at. */
  form: URLSearchParams | null;
  visit: Visit;
}

/** A page, or where to go instead: a path of this platform. */
export type Answer = Page | { to: string };

export interface Page {
  status: number;
  title: string;
  /** What search engines say of the page. */
  description?: string | undefined;
  area: Area;
  /** Between the header and the end: `main` with the id `content`, and what stands around it. */
  body: Html;
  /** A page as wide as the window. */
  wide?: boolean;
}

/** The files of the build that a document names. */
export interface Build {
  stylesheet: string;
  script: string;
}

/** The usual body of a page: its content between the margins, and the foot. */
export function plainBody(content: Html, visit: Visit): Html {
  return html`<main id="content" class="page py-8 sm:py-12">${notice(visit)}${content}</main><footer class="footer">${foot(visit)}</footer>`;
}

/** The page of a refusal. */
export function refused(problem: ProblemDetails, area: Area, visit: Visit): Page {
  const body = plainBody(refusal(problem, visit.t), visit);
  return { status: problem.status, title: problem.title, area, body };
}

/** The refusal of a form, above its button. */
export const formProblem = ({ detail, status, reference }: ProblemDetails, { t }: Visit): Html =>
  alert(
    'danger',
    html`<p>${detail}</p>${status >= 500 && html`<p class="mt-1 text-sm">${t('problem.reference')} <code>${reference}</code></p>`}`,
    'mb-5',
  );

/** The whole document. @param nonce of the answer's policy */
export function written(page: Page, visit: Visit, build: Build, nonce: string): string {
  const { site, locale, theme, t } = visit;
  const { title, description, area, body, wide } = page;
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="${build.stylesheet}"><script type="module" src="${build.script}" nonce="${nonce}"></script><meta name="color-scheme" content="light dark"><link rel="icon" type="image/svg+xml" href="/brand/icon"><meta name="format-detection" content="telephone=no">${site.catalogue === 'private' && html`<meta name="robots" content="noindex, nofollow">`}<title>${windowTitle(title, site)}</title>${description && html`<meta name="description" content="${described(description)}">`}<style nonce="${nonce}">${trusted(themeStyle(site.colour, site.radius))}</style>`;
  const dark = theme !== 'system' && html` data-theme="${theme}"`;
  return html`<!DOCTYPE html><html lang="${locale}"${dark}><head>${head}</head><body data-loading="${t('shell.loading')}"><a href="#content" class="${skipStyle}">${t('shell.skip')}</a><header class="header">${bar(visit, area, wide)}</header>${body}</body></html>`
    .html;
}
