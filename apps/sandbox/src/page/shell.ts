import type { Html, Piece } from '@preau/design/html';
import { html } from '@preau/design/html';
import { mark, markPath, stylesheetPath } from './assets.ts';
import type { Language } from './words.ts';
import { say } from './words.ts';

export interface Shell {
  language: Language;
  title: string;
  body: Piece;
  /** Where the same page is in the other language; left out where a form has just been sent. */
  otherLanguage?: string | undefined;
}

/** A whole page. Works without JavaScript: there is none. */
export function shell({ language, title, body, otherLanguage }: Shell): Html {
  const other = language === 'fr' ? 'en' : 'fr';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Préau</title>
<link rel="icon" href="${markPath}" type="image/svg+xml">
<link rel="stylesheet" href="${stylesheetPath}">
</head>
<body>
<a class="skip" href="#content">${say('skip', language)}</a>
<header><p class="banner">${say('banner', language)}</p>
<div class="top"><span class="brand">${mark}Préau</span>${
    otherLanguage !== undefined &&
    html`<a href="${otherLanguage}" lang="${other}" hreflang="${other}">${say('language', language)}</a>`
  }</div></header>
<main id="content" tabindex="-1">${body}</main>
</body>
</html>
`;
}

/** A page that only says something. */
export function message(
  language: Language,
  title: string,
  text: string,
  link?: { href: string; label: string },
): Html {
  return shell({
    language,
    title,
    body: html`<div class="narrow"><h1>${title}</h1><p class="soft">${text}</p>${
      link && html`<p><a class="button first" href="${link.href}">${link.label}</a></p>`
    }</div>`,
  });
}

export interface Field {
  name: string;
  label: string;
  value: string;
  hint?: string | undefined;
  fault?: string | undefined;
  autocomplete?: string;
  inputmode?: 'numeric' | 'text';
  maxlength?: number;
  code?: boolean;
  required?: boolean;
}

/** A labelled text field with its hint and its fault, tied together for those who listen. */
export function field(input: Field): Html {
  const { name, label, value, hint, fault } = input;
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
  return html`<div class="field"><label for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" value="${value}" maxlength="${input.maxlength ?? 200}" autocomplete="${
    input.autocomplete ?? 'off'
  }"${input.inputmode && html` inputmode="${input.inputmode}"`}${input.code && html` class="code"`}${
    input.required && html` aria-required="true"`
  }${described !== '' && html` aria-describedby="${described}"`}${fault && html` aria-invalid="true"`}>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${
  fault && html`<p class="fault" id="${name}-fault">${fault}</p>`
}</div>`;
}

export function notice(kind: 'good' | 'bad' | 'info', text: Piece): Html {
  return html`<div class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${text}</div>`;
}
