/** What no log of a run may hold: tokens, passwords, addresses of people, this machine's own secrets. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const forbidden: Record<string, RegExp> = {
  'a signed token': /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}/,
  'a private key': /"d":\s*"[\w-]{43}"|PRIVATE KEY/,
  'an authorization header': /\b(?:authorization|cookie)["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic) |\w+=)\S{8}/i,
  'a session': /\b(?:preau-session|preau_session|preau_staff)["']?\s*[:=]\s*["']?[\w-]{16}/i,
  'a token in an address': /[?&#/](?:token|code|secret|reset|invitation)=[\w-]{16,}/i,
  'a hashed password': /\$argon2id?\$|\bscrypt\$/,
  'an e-mail address': /\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.(?:test|fr|com|org|net|example)\b/i,
  'a database password': /postgres(?:ql)?:\/\/[^\s:/@]+:[^\s@]+@/,
};

/** Every log below a folder: of services, of instances and standbys, of the database, and what was rotated away. */
export function logsOf(dataDir: string): string[] {
  return globSync('{*.log,{logs,instances,run,standbys,postgres}/**/*.log*}', { cwd: dataDir }).map((file) =>
    join(dataDir, file),
  );
}

/**
 * Every line of the logs below a folder that holds something secret or personal: file, kind, and the line's beginning.
 * @param secrets texts that must not occur, besides what looks like a secret
 */
export function leaks(dataDir: string, secrets: readonly string[]): string[] {
  const found: string[] = [];
  for (const path of logsOf(dataDir)) {
    const file = relative(dataDir, path);
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      for (const [kind, pattern] of Object.entries(forbidden)) {
        if (pattern.test(line)) found.push(`${file}: ${kind}: ${line.slice(0, 400)}`);
      }
      if (secrets.some((one) => line.includes(one))) found.push(`${file}: a secret: ${line.slice(0, 400)}`);
    }
  }
  return found;
}

/** The values of this machine's own secrets. */
export function secretsOf(dataDir: string): string[] {
  const folder = join(dataDir, 'secrets');
  const values = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(values)
        : [];
  return readdirSync(folder)
    .filter((name) => name !== 'public-keys.json')
    .flatMap((name) => values(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .filter((value) => value.length >= 32);
}
