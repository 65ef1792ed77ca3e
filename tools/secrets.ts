/** What this machine's processes authenticate each other with: made once, kept in the data folder, mode 0600. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, publicKeyOf } from '@preau/identity';
import { z } from 'zod';

const secretsSchema = z.object({
  sandboxApiKey: z.string(),
  sandboxWebhookSecret: z.string(),
  payloadSecret: z.string(),
  hubSecret: z.string(),
  /** Passwords of the database roles are derived from it; another one at each start. */
  databaseSecret: z.string(),
  /** Seals backups. Whoever loses it loses them: it belongs into a safe, and into no backup. */
  backupKey: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema> & {
  hubKeyFile: string;
  operatorKeyFile: string;
  publicKeysFile: string;
};

const random = () => randomBytes(32).toString('base64url');

/** Whole or not at all: a machine that stops while it is written keeps what it had. */
function keep(file: string, content: unknown): void {
  writeFileSync(`${file}.partial`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.partial`, file);
}

const fileOf = (dataDir: string) => join(dataDir, 'secrets', 'secrets.json');

/** Reads this machine's secrets; makes the ones that are missing. */
export async function secrets(dataDir: string): Promise<Secrets> {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(dataDir);
  const hubKeyFile = join(folder, 'hub.key.json');
  const operatorKeyFile = join(folder, 'operator.key.json');
  const publicKeysFile = join(folder, 'public-keys.json');
  if (!existsSync(publicKeysFile)) {
    const hub = await generateKey('hub', `hub-${random().slice(0, 8)}`);
    const operator = await generateKey('operator', `operator-${random().slice(0, 8)}`);
    keep(hubKeyFile, hub);
    keep(operatorKeyFile, operator);
    keep(publicKeysFile, { hub: [publicKeyOf(hub)], operator: [publicKeyOf(operator)] });
  }
  if (!existsSync(file)) {
    keep(file, {
      sandboxApiKey: `sandbox_sk_${random()}`,
      sandboxWebhookSecret: `sandbox_whsec_${random()}`,
      payloadSecret: random(),
      hubSecret: random(),
      databaseSecret: random(),
      backupKey: random(),
    });
  }
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof content === 'object' && content !== null && !('backupKey' in content)) {
    // A machine from before there were backups.
    keep(file, { ...content, backupKey: random() });
  }
  const known = secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { ...known, hubKeyFile, operatorKeyFile, publicKeysFile };
}

/** The secrets, with which the database's roles get other passwords than at the start before; open connections stay. */
export async function renewDatabaseSecret(dataDir: string): Promise<Secrets> {
  const { hubKeyFile, operatorKeyFile, publicKeysFile, ...known } = await secrets(dataDir);
  const renewed = { ...known, databaseSecret: random() };
  keep(fileOf(dataDir), renewed);
  return { ...renewed, hubKeyFile, operatorKeyFile, publicKeysFile };
}
