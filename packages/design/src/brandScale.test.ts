import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatHex, parse, wcagContrast } from 'culori';
import { brandScale, brandStyle, parseBrandColour, SURFACES } from './brandScale.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The declarations of one rule of tokens.css. */
function rule(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  assert.ok(start >= 0, `tokens.css has no rule ${selector}`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
const themes = { light: rule('[data-theme="light"]'), dark: rule('[data-theme="dark"]') };

/** A token of tokens.css in one theme, as `#rrggbb`. */
function token(name: string, theme: 'light' | 'dark'): string {
  const colour = parse(themes[theme].get(name) ?? '');
  assert.ok(colour, `--${name} cannot be read in ${theme}`);
  return formatHex(colour);
}

test('dark is the same by the system and by choice, and says every colour that light says', () => {
  assert.deepEqual(rule(':root:not([data-theme="light"])'), themes.dark);
  assert.deepEqual([...themes.dark.keys()], [...themes.light.keys()]);
});

test('the surfaces it computes with are those of tokens.css', () => {
  for (const theme of ['light', 'dark'] as const) {
    assert.equal(SURFACES[theme].paper, token('paper', theme));
    assert.equal(SURFACES[theme].surface, token('surface', theme));
  }
});

test('our own tokens reach AA in both themes', () => {
  const words: [string, string[]][] = [
    ['ink', ['paper', 'surface', 'raised', 'sunken', 'brand-soft', 'accent-soft']],
    ['ink-soft', ['paper', 'surface', 'raised', 'sunken', 'brand-soft']],
    ['ink-faint', ['paper', 'surface', 'raised', 'sunken']],
    ['brand-text', ['paper', 'surface', 'raised', 'sunken', 'brand-soft']],
    ['on-brand', ['brand', 'brand-hover']],
    ['on-accent', ['accent']],
    ['on-danger', ['danger', 'danger-hover']],
    ...['success', 'warning', 'danger', 'info'].map((kind): [string, string[]] => [
      `${kind}-text`,
      ['paper', 'surface', 'raised', 'sunken', `${kind}-soft`],
    ]),
  ];
  const shapes: [string, string[]][] = [
    ['line-strong', ['paper', 'surface', 'raised']],
    ['focus', ['paper', 'surface', 'raised']],
    ['brand', ['paper', 'surface']],
    ['success', ['paper', 'surface']],
    ['danger', ['paper', 'surface']],
    ['info', ['paper', 'surface']],
    ...[1, 2, 3, 4, 5, 6].map((n): [string, string[]] => [`data-${n}`, ['surface']]),
  ];
  for (const theme of ['light', 'dark'] as const)
    for (const [pairs, least] of [
      [words, 4.5],
      [shapes, 3],
    ] as const)
      for (const [over, grounds] of pairs)
        for (const ground of grounds) {
          const ratio = wcagContrast(token(over, theme), token(ground, theme));
          assert.ok(ratio >= least, `${theme}: ${over} on ${ground} is ${ratio.toFixed(2)}, needs ${least}`);
        }
});

test('every colour of a coarse cube reaches AA in both themes', () => {
  for (let r = 0; r <= 255; r += 51)
    for (let g = 0; g <= 255; g += 51)
      for (let b = 0; b <= 255; b += 51) {
        const asked = `#${[r, g, b].map((n) => n.toString(16).padStart(2, '0')).join('')}`;
        const scale = brandScale(asked);
        for (const theme of ['light', 'dark'] as const) {
          const tones = scale[theme];
          const grounds = SURFACES[theme];
          const says = (what: string) => `${asked} ${theme}: ${what}`;
          assert.ok(wcagContrast(tones.onBrand, tones.brand) >= 4.5, says('words on the fill'));
          assert.ok(wcagContrast(tones.onBrand, tones.brandHover) >= 4.5, says('words on the hovered fill'));
          assert.ok(wcagContrast(tones.brand, grounds.surface) >= 3, says('fill on the surface'));
          for (const ground of [grounds.paper, grounds.surface, tones.brandSoft])
            assert.ok(wcagContrast(tones.brandText, ground) >= 4.5, says(`words on ${ground}`));
        }
      }
});

test('says when the colour had to be shifted', () => {
  assert.deepEqual(brandScale('#176a4e').shifted, { light: false, dark: true });
  assert.equal(brandScale('#176a4e').light.brand, '#176a4e');
  assert.equal(brandScale('#ffee00').shifted.light, true);
  assert.equal(brandScale('#111111').shifted.dark, true);
});

test('keeps grey grey', () => {
  const { brand } = brandScale('#f0f0f0').light;
  const [, r, g, b] = /#(..)(..)(..)/.exec(brand) ?? [];
  assert.ok(r === g && g === b, brand);
});

test('reads colours as people paste them and refuses the rest', () => {
  assert.equal(parseBrandColour(' 0A7 '), '#00aa77');
  assert.equal(parseBrandColour('#176A4E'), '#176a4e');
  for (const bad of ['', 'red', '#12', '#12345', 'url(x)', '#1234567', 'javascript:1', '#gggggg'])
    assert.equal(parseBrandColour(bad), null, bad);
  assert.throws(() => brandScale('red;} body{display:none'), RangeError);
});

test('writes declarations for both themes', () => {
  const style = brandStyle(brandScale('#7a1fa2'));
  assert.match(style, /^--brand:light-dark\(#7a1fa2,#[0-9a-f]{6}\);/);
  assert.doesNotMatch(style, /[<>{}]/);
});
