/**
 * The spaces that French keeps with its signs, so that no line begins with a lone “?”: a narrow one before ; ! ?, a full
 * one before : » % € and after «, neither of which breaks (Imprimerie nationale, *Lexique des règles typographiques*).
 * Looks at the French messages and at French string literals. `--write` puts them right.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './paths.ts';
import { fail, Refusal } from './terminal.ts';

const NARROW = '\u202f';
const FULL = '\u00a0';

/** The same French text with the spaces that belong there. What has no space before a sign is left as it is. */
export function french(text: string): string {
  return text
    .replace(/(?<=[^\s{(=]) *[ \u00a0\u202f](?=[;!?]+(?:[\s<)»”"\u00a0\u202f]|$))/g, NARROW)
    .replace(/(?<=[^\s{(=]) *[ \u00a0\u202f](?=:(?:[\s<)]|$))/g, FULL)
    .replace(/(?<=«)[ \u202f]/g, FULL)
    .replace(/(?<=\S)[ \u202f](?=»)/g, FULL)
    .replace(/(?<=[\d}])[ \u202f](?=[%€])/g, FULL);
}

const ACCENT = /[éèêàçùîôœÉÈÀ«]/;

/** Whether a literal is French prose: English and code have no accents, and no two of these words. */
function isFrench(text: string): boolean {
  if (ACCENT.test(text)) return true;
  const words = text.match(/\b(?:vous|votre|vos|le|la|les|des|du|une|un|est|pour|sur|ne|pas|ce|cette)\b/gi);
  return (words?.length ?? 0) >= 2;
}

type TextNode = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression | ts.JsxText;

const isText = (node: ts.Node): node is TextNode =>
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  ts.isTemplateExpression(node) ||
  ts.isJsxText(node);

/** The source with the spaces of its French literals put right; expressions within a template are left alone. */
export function frenchSource(name: string, source: string): string {
  if (!ACCENT.test(source)) return source;
  const edits: { start: number; end: number; text: string }[] = [];
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (isText(node) && isFrench(node.getText(file))) {
      const parts = ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map((span) => span.literal)]
        : [node];
      for (const part of parts) {
        const start = part.getStart(file);
        const end = part.getEnd();
        const text = source.slice(start, end);
        // A quote bounds the prose; the brace of an expression stands for what comes before the sign.
        const bound = text.startsWith('}') ? 0 : 1;
        const right = text.slice(0, bound) + french(text.slice(bound, -1)) + text.slice(-1);
        if (right !== text) edits.push({ start, end, text: right });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}

const isMessages = (path: string) => /\/messages\/(?:.*\/)?(?:\w+\.)?fr\.json$/.test(path);

/** Every file whose French spaces are not right, with the text as it should be. */
function wrongFiles(): { path: string; text: string }[] {
  const listed = spawnSync('git', ['ls-files', 'apps', 'packages'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) throw new Refusal(`git ls-files failed: ${listed.stderr}`);
  return listed.stdout
    .split('\n')
    .filter((path) => isMessages(path) || (/\.tsx?$/.test(path) && !path.endsWith('.test.ts')))
    .flatMap((path) => {
      const source = readFileSync(join(root, path), 'utf8');
      const text = isMessages(path)
        ? source.replace(/(?<=: )"(?:[^"\\]|\\.)*"/g, (value) => `"${french(value.slice(1, -1))}"`)
        : frenchSource(path, source);
      return text === source ? [] : [{ path, text }];
    });
}

if (import.meta.main) {
  try {
    const wrong = wrongFiles();
    if (process.argv.includes('--write'))
      for (const { path, text } of wrong) writeFileSync(join(root, path), text);
    else if (wrong.length > 0)
      throw new Refusal(
        `French signs without their no-break space in\n${wrong.map(({ path }) => `  ${path}`).join('\n')}\n\`npm run format\` puts them right.`,
      );
  } catch (error) {
    fail(error);
  }
}
