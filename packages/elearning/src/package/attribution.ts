import type { Files } from './files.ts';
import { textOf } from './plan.ts';

const LABELS = {
  fr: { authors: 'Auteurs', licence: 'Licence', source: 'Source' },
  en: { authors: 'Authors', licence: 'Licence', source: 'Source' },
};
const MAX_CITATION = 1200;
const MAX_NAMES = 12;

/**
 * Whose work a package is and under which licence, as far as it says: from its configuration or front matter, and
 * from CITATION, AUTHORS and LICENSE. One fact a line; empty where nothing is said.
 */
export function readAttribution(files: Files, about: Record<string, unknown>, language: 'fr' | 'en'): string {
  const labels = LABELS[language];
  const citation = readCitation(files);
  const authors =
    namesOf(about.authors ?? about.author ?? about.by) ?? (citation ? null : readAuthors(files));
  const licence = textOf(about.license ?? about.licence ?? about.rights) ?? readLicence(files);
  const source = textOf(about.source ?? about.repository);
  const lines = [
    citation,
    authors && `${labels.authors} : ${authors}`,
    textOf(about.copyright),
    licence && `${labels.licence} : ${licence}`,
    source && /^https?:\/\/\S+$/.test(source) ? `${labels.source} : ${source}` : null,
  ].filter((line): line is string => typeof line === 'string' && line !== '');
  return (language === 'en' ? lines.map((line) => line.replace(' : ', ': ')) : lines)
    .join('\n')
    .slice(0, 2000);
}

function readCitation(files: Files): string | null {
  const text = files.firstText('CITATION', 'CITATION.md', 'CITATION.txt');
  if (text === null) return null;
  const words = text
    .replace(/^\s*(please cite as|to cite|citer ainsi)\b[^\n]*:\s*/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? null : words.slice(0, MAX_CITATION);
}

function readAuthors(files: Files): string | null {
  const text = files.firstText('AUTHORS', 'AUTHORS.md', 'AUTHORS.txt');
  const names = (text ?? '').split('\n').map((line) => line.replace(/^[-*#\s]+|<[^>]*>/g, '').trim());
  return namesOf(names.filter((name) => name !== ''));
}

/** A list of names, or of objects with a `name`; more than a dozen are cut short. */
function namesOf(value: unknown): string | null {
  const values = Array.isArray(value) ? value : [value];
  const names = values.flatMap((entry) => textOf(isNamed(entry) ? entry.name : entry) ?? []);
  if (names.length === 0) return null;
  return names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ', …' : '');
}

const isNamed = (value: unknown): value is { name: unknown } =>
  typeof value === 'object' && value !== null && 'name' in value;

const KNOWN: [RegExp, string][] = [
  [
    /creative commons attribution[\s-]*(?:noncommercial|nc)[\s-]*sharealike|\bCC[\s-]BY-NC-SA/i,
    'CC BY-NC-SA',
  ],
  [/creative commons attribution[\s-]*sharealike|\bCC[\s-]BY-SA/i, 'CC BY-SA'],
  [/creative commons attribution[\s-]*noncommercial|\bCC[\s-]BY-NC/i, 'CC BY-NC'],
  [/creative\s+commons\s+attribution|\bCC[\s-]BY\b/i, 'CC BY'],
  [/\bCC0\b|public domain dedication/i, 'CC0'],
  [/\bMIT License\b|Permission is hereby granted, free of charge/i, 'MIT'],
  [/Apache License/i, 'Apache 2.0'],
  [/GNU Free Documentation License/i, 'GNU FDL'],
  [/GNU (?:Affero )?General Public License/i, 'GNU GPL'],
];

function readLicence(files: Files): string | null {
  const text = files.firstText(
    'LICENSE.md',
    'LICENSE',
    'LICENSE.txt',
    'LICENCE',
    'LICENCE.md',
    'LICENCE.txt',
  );
  if (text === null) return null;
  const version = /\b(?:CC[\w\s-]*|licen[cs]e\s*)(\d\.\d)\b/i.exec(text)?.[1];
  const known = KNOWN.find(([pattern]) => pattern.test(text))?.[1];
  if (known) return known.startsWith('CC BY') && version ? `${known} ${version}` : known;
  const first = text
    .split('\n')
    .map((line) => line.replace(/^[#\s]+/, '').trim())
    .find((line) => line !== '' && line !== '---');
  return first?.slice(0, 200) ?? null;
}
