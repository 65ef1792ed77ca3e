/**
 * `npm run publish-api -w @preau/contract`: writes what the API promises, beside what it promised before. Done with each
 * release; from then on what was promised is kept until `OLDEST_API_VERSION` has passed it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { API_VERSION } from './apiVersion.ts';
import { breaks } from './compatibility.ts';
import { openApi } from './openapi.ts';
import { publishedApi } from './published.ts';

const present = openApi('https://api.preau.test');
const path = publishedApi(API_VERSION);
const broken = existsSync(path) ? breaks(JSON.parse(readFileSync(path, 'utf8')), present) : [];
if (broken.length > 0) {
  console.error(
    `Version ${API_VERSION} was published with other promises. Keep them, or raise API_VERSION:\n${broken.join('\n')}`,
  );
  process.exit(1);
}
writeFileSync(path, promises(present));
console.log(`✓ ${path}`);

/** What is compared, an operation a line. */
function promises({ paths, components }: ReturnType<typeof openApi>): string {
  const lines = Object.entries(paths as object).map(
    ([address, methods]) => `${JSON.stringify(address)}:${JSON.stringify(methods, withoutWords)}`,
  );
  return `{"paths":{\n${lines.join(',\n')}\n},\n"components":${JSON.stringify(components, withoutWords)}}\n`;
}

/** Refusals are read by their problem document; texts bind nobody. */
function withoutWords(key: string, value: unknown): unknown {
  if (key === 'responses' && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).filter(([status]) => status.startsWith('2')));
  return ['summary', 'description', 'tags', 'security', 'securitySchemes'].includes(key) &&
    typeof value !== 'object'
    ? undefined
    : value;
}
