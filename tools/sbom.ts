/**
 * `npm run sbom`: the inventory of every package that the lock file names, as CycloneDX 1.6 on standard output.
 * (npm's own `sbom` stops at peer ranges that a package declares too narrowly.)
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './paths.ts';

const locked = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  link: z.boolean().optional(),
});
const lockFile = z.object({
  name: z.string(),
  version: z.string(),
  packages: z.record(z.string(), locked),
});

export interface Component {
  type: 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  /** `excluded`: for development only. */
  scope: 'required' | 'optional' | 'excluded';
  hashes?: { alg: 'SHA-512'; content: string }[];
  licenses?: { expression: string }[];
}

/** The bill of materials of a lock file's text. */
export function billOf(lockText: string) {
  const { name, version, packages } = lockFile.parse(JSON.parse(lockText));
  const components = new Map<string, Component>();
  for (const [path, each] of Object.entries(packages)) {
    const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (!found || each.link || !each.version) continue;
    const purl = `pkg:npm/${found.replace('@', '%40')}@${each.version}`;
    const digest = /^sha512-(.+)$/.exec(each.integrity ?? '')?.[1];
    components.set(purl, {
      type: 'library',
      'bom-ref': purl,
      name: found,
      version: each.version,
      purl,
      scope: each.dev ? 'excluded' : each.optional || each.devOptional ? 'optional' : 'required',
      ...(digest
        ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
        : {}),
      ...(each.license ? { licenses: [{ expression: each.license }] } : {}),
    });
  }
  return {
    bomFormat: 'CycloneDX' as const,
    specVersion: '1.6' as const,
    version: 1,
    metadata: { component: { type: 'application' as const, name, version } },
    components: [...components.values()].sort((a, b) => a.purl.localeCompare(b.purl)),
  };
}

if (import.meta.main) {
  const bill = billOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
}
