/* As much of HTML as authors put into Markdown: a flat reading of tags and text, never a document. */

export type HtmlToken =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: Record<string, string>; source: string }
  | { kind: 'close'; name: string; source: string };

const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)((?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)*)\s*\/?>|<[?!][^>]*>/gi;
const ATTRIBUTE = /([\w:@.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/g;

/** Tags and texts in their order; comments and declarations are left out. */
export function readHtml(source: string): HtmlToken[] {
  const tokens: HtmlToken[] = [];
  let end = 0;
  const text = (until: number) => {
    if (until > end) tokens.push({ kind: 'text', text: decodeEntities(source.slice(end, until)) });
  };
  for (const match of source.matchAll(TOKEN)) {
    text(match.index);
    end = match.index + match[0].length;
    const [whole, slash, name, attributes = ''] = match;
    if (name === undefined) continue;
    tokens.push(
      slash
        ? { kind: 'close', name: name.toLowerCase(), source: whole }
        : { kind: 'open', name: name.toLowerCase(), attributes: readAttributes(attributes), source: whole },
    );
  }
  text(source.length);
  return tokens;
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single, bare] of source.matchAll(ATTRIBUTE))
    attributes[name.toLowerCase()] = decodeEntities(double ?? single ?? bare ?? '');
  return attributes;
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  laquo: '«',
  raquo: '»',
  rarr: '→',
  larr: '←',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  ocirc: 'ô',
  ucirc: 'û',
  ugrave: 'ù',
  icirc: 'î',
  euro: '€',
  copy: '©',
  times: '×',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
};

/** Character references as characters; unknown ones stay as they are. */
export function decodeEntities(source: string): string {
  return source.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const surrogate = point >= 0xd800 && point <= 0xdfff;
    return point > 0 && point <= 0x10ffff && !surrogate ? String.fromCodePoint(point) : whole;
  });
}

/** Elements that format text, as bits of `textFormat`; a key or a sample shows as code. */
export const formattingTags: Record<string, number> = {
  b: 1,
  strong: 1,
  i: 2,
  em: 2,
  cite: 2,
  var: 2,
  dfn: 2,
  s: 4,
  del: 4,
  strike: 4,
  u: 8,
  ins: 8,
  code: 16,
  kbd: 16,
  samp: 16,
  tt: 16,
  sub: 32,
  sup: 64,
  mark: 128,
};

/** Elements whose content is no text: dropped with it. */
export const activeTags = new Set([
  'script',
  'style',
  'iframe',
  'object',
  'embed',
  'form',
  'input',
  'button',
  'select',
  'textarea',
  'svg',
  'math',
  'template',
  'noscript',
  'link',
  'meta',
  'base',
]);

/** Elements that say nothing by themselves: their content is all there is. */
export const transparentTags = new Set([
  'a',
  'abbr',
  'article',
  'body',
  'center',
  'div',
  'figure',
  'font',
  'html',
  'main',
  'p',
  'q',
  'section',
  'small',
  'span',
  'time',
  'wbr',
]);
