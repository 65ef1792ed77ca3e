import { readFileSync } from 'node:fs';
import { Html } from './html.ts';

/** A drawing of the house to be put into a page; its colours are the classes `green` and `ochre`. */
export function drawing(name: 'mark' | 'arches'): Html {
  return new Html(
    readFileSync(new URL(import.meta.resolve(`@preau/design/${name}.svg`)), 'utf8')
      .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
      .replace(/<title>.*?<\/title>/, '')
      .replaceAll('fill="#176a4e"', 'class="green"')
      .replaceAll('fill="#e8aa4e"', 'class="ochre"'),
  );
}
