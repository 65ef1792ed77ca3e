import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import type { Sender } from '../mail/letter.ts';
import { platformAddress } from '../site/address.ts';

/** In whose name a platform writes, and where its links lead. */
export interface Correspondence {
  sender: Sender;
  platform: string;
  /** Of the platform, without a slash at its end. */
  address: string;
}

export async function correspondenceOf(db: Db, publicUrl: string): Promise<Correspondence> {
  const { slug, name, colour } = await db.one<{ slug: string; name: string; colour: string }>(
    'SELECT t.slug, s.name, s.colour FROM site_settings s JOIN tenants t ON t.id = s.tenant_id',
  );
  return {
    sender: { tenantId: tenantOf(db), name, colour },
    platform: name,
    address: platformAddress(publicUrl, slug),
  };
}

/** What everybody knows of a platform: its name, and its address. */
export function wordsOf({ platform, address }: Pick<Correspondence, 'platform' | 'address'>): string[] {
  return [platform, new URL(address).hostname];
}

/** A page of the platform with a secret in its address. */
export function linkTo({ address }: Correspondence, path: string, token: string): string {
  return `${address}${path}?token=${token}`;
}
