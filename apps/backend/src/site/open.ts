import type { Branding, Locale } from '@preau/contract';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';

/** Gives a new tenant its settings from what the customer chose; repeating keeps what is there. */
export async function openSite(db: Db, branding: Branding, locale: Locale): Promise<void> {
  await db.query(
    `INSERT INTO site_settings (name, colour, logo_data, locale)
     VALUES ($1, $2, $3, $4::enum_site_settings_locale) ON CONFLICT (tenant_id) DO NOTHING`,
    [branding.name, branding.colour, branding.logo, locale],
  );
}

/** Applies a branding that was changed on the hub. */
export async function rebrandSite(db: Db, branding: Branding): Promise<void> {
  await db.transaction(async (tx) => {
    await record(tx, { action: 'branding.changed' });
    await tx.query(
      `UPDATE site_settings SET name = $1, colour = $2, logo_data = $3, logo_id = NULL, updated_at = now()`,
      [branding.name, branding.colour, branding.logo],
    );
  });
}
