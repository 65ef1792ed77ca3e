/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What every page owes to everybody: axe-core's rules, one heading, a language, no sideways scrolling, the keyboard. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** More stops of the Tab key than this repeat what the first ones showed. */
const MAX_STOPS = 40;
/** A page whose content begins after a link or two needs nothing to skip them. */
const MAX_BEFORE_MAIN = 2;
const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 860 };

export type Language = 'fr' | 'en';
/**
 * Each language in both appearances, each appearance on both screens: every pair of the three at half the visits
 * of all eight.
 */
const looks = {
  fr: [
    { name: 'desktop, light', viewport: desktop, scheme: 'light' },
    { name: 'phone, dark', viewport: phone, scheme: 'dark' },
  ],
  en: [
    { name: 'phone, light', viewport: phone, scheme: 'light' },
    { name: 'desktop, dark', viewport: desktop, scheme: 'dark' },
  ],
} as const;

/** Everything that is wrong with the page that is open, one line each. */
export async function faults(page: Page, language: Language): Promise<string[]> {
  const found = [...(await structure(page, language))];
  for (const { name, viewport, scheme } of looks[language]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await settled(page);
    if (viewport === phone) found.push(...(await sideways(page)));
    found.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
  }
  if (language === 'fr') {
    await page.setViewportSize(desktop);
    found.push(...(await keyboard(page)));
  }
  return found.map(
    (fault) => `${language} ${new URL(page.url()).host}${new URL(page.url()).pathname}: ${fault}`,
  );
}

/** Colours and places as they stay: a change of appearance is drawn over a few frames. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // Chromium may keep an inherited colour of the other scheme until an element is styled anew: all are, here.
    document.body.style.display = 'none';
    void document.body.offsetHeight;
    document.body.style.display = '';
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    await Promise.allSettled(
      document
        .getAnimations()
        .map((one) => (one.effect?.getTiming().iterations === Infinity ? null : one.finished)),
    );
  });
}

async function structure(page: Page, language: Language): Promise<string[]> {
  return page.evaluate((language) => {
    const faults: string[] = [];
    const headings = document.querySelectorAll('h1').length;
    if (headings !== 1) faults.push(`${headings} h1`);
    if (document.title.trim() === '') faults.push('no title');
    if (document.documentElement.lang.slice(0, 2) !== language) {
      faults.push(`lang is ${document.documentElement.lang}`);
    }
    for (const element of document.querySelectorAll<HTMLElement>('[tabindex]')) {
      if (element.tabIndex > 0) faults.push(`tabindex ${element.tabIndex}`);
    }
    return faults;
  }, language);
}

async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`scrolls sideways: ${scrollWidth} of ${clientWidth} px`] : [];
  });
}

async function axeFaults(page: Page): Promise<string[]> {
  // Evaluated, not inserted as a script: the policy of the pages allows none but their own.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    interface Result {
      id: string;
      nodes: {
        html: string;
        any: { message: string }[];
        all: { message: string }[];
        none: { message: string }[];
      }[];
    }
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Result[] }> };
    };
    const { violations } = await axe.run({
      runOnly: { type: 'tag', values: rules },
      rules: { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
      iframes: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 4)
        .map(
          ({ html, any, all, none }) =>
            `${id}: ${[...any, ...all, ...none][0]?.message} ${html.slice(0, 160)}`,
        ),
    );
  }, rules);
}

/** Where the Tab key leads: a skip link first that works, and a visible ring at every stop. */
async function keyboard(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.scrollTo(0, 0);
    // Fields that take the focus themselves leave the start of the page behind.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  let stops = 0;
  for (; stops < MAX_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(
      ({ first, maxBeforeMain }) => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        if (element.tagName === 'IFRAME') return null;
        const again = element.dataset.visited === '';
        element.dataset.visited = '';
        const main = document.querySelector('main');
        const before = [...document.querySelectorAll('a[href], button, input, select, summary')].filter(
          (one) => main && one.compareDocumentPosition(main) & Node.DOCUMENT_POSITION_FOLLOWING,
        ).length;
        const skip =
          !first || before <= maxBeforeMain || element.matches('a[href^="#"]')
            ? ''
            : `the first stop is no skip link: ${element.outerHTML.slice(0, 120)}`;
        const label = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        const { parentElement: parent } = element;
        // A card may wear the ring of the link that fills it.
        const card = element.closest('li, article, fieldset, td');
        const around = [element, ...label, parent, card, element.nextElementSibling];
        const look = () =>
          around
            .filter((one) => one !== null)
            .map((one) => {
              const style = getComputedStyle(one);
              const outline =
                style.outlineStyle === 'none' || style.outlineWidth === '0px'
                  ? ''
                  : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
              return `${outline} ${style.boxShadow} ${style.borderColor}`;
            })
            .join('|');
        const focused = look();
        const box = element.getBoundingClientRect();
        const shown = box.width > 0 && box.height > 0;
        element.blur();
        const blurred = look();
        element.focus({ preventScroll: true });
        const html = element.outerHTML.slice(0, 140);
        return {
          again,
          skip,
          ring:
            focused === blurred ? `no focus ring: ${html}` : shown ? '' : `focus on nothing visible: ${html}`,
        };
      },
      { first: stops === 0, maxBeforeMain: MAX_BEFORE_MAIN },
    );
    if (!stop || stop.again) break;
    found.push(...[stop.skip, stop.ring].filter(Boolean));
  }
  if (stops === 0) return ['nothing takes the focus'];
  return [...found, ...(await skipLink(page))];
}

async function skipLink(page: Page): Promise<string[]> {
  const link = page.locator('a[href^="#"]').first();
  if ((await link.count()) === 0) return [];
  await link.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  return page.evaluate(() => {
    const main = document.querySelector('main');
    const { activeElement: focused } = document;
    if (!main || !focused || focused === document.body) return [];
    const after = main.compareDocumentPosition(focused) & (Node.DOCUMENT_POSITION_FOLLOWING | 16);
    // Where nothing takes the focus from there to the end of the page, the key begins again at its start.
    const around =
      focused === document.querySelector('a[href], button, input, select, summary, [tabindex="0"]');
    return after || around ? [] : [`the skip link leads to ${focused.outerHTML.slice(0, 120)}`];
  });
}
