import type { ResponseOf } from '@preau/contract';
import type { getSettings, Site } from '@preau/contract/tenant/site';
import { readStorage } from '../assets/space.ts';
import type { Db } from '../database/db.ts';
import { countLearners, learnerLimit } from '../people/limit.ts';
import type { FactorRule } from '../users/factor.ts';
import type { TenantState } from './state.ts';

interface Row {
  name: string;
  locale: 'fr' | 'en';
  colour: string;
  radius: number;
  logoAssetId: string | null;
  logoData: string | null;
  catalogue: 'public' | 'private';
  registration: 'open' | 'invitation';
  certificateWording: string;
  certificateSignatory: string;
  rule: FactorRule;
  from: Date | null;
  state: TenantState;
}

/** What anybody may know of a platform. */
export async function readSite(db: Db): Promise<Site> {
  const { name, locale, colour, radius, catalogue, registration, state, ...row } = await db.one<Row>(READ);
  return { name, locale, colour, radius, logo: logoOf(row), catalogue, registration, state };
}

/** The settings, for administrators. @param platform SQL of the platform: the plan's limits are there */
export async function readSettings(db: Db, platform: Db): Promise<ResponseOf<typeof getSettings>> {
  const [{ logoData, rule, from, state: _state, ...row }, used, limit, storage] = await Promise.all([
    db.one<Row>(READ),
    countLearners(db),
    learnerLimit(platform, db),
    readStorage(db),
  ]);
  return {
    ...row,
    logo: logoOf({ ...row, logoData }),
    learners: { used, limit },
    storage,
    secondFactor: { rule, from: from?.toISOString() ?? null },
  };
}

function logoOf({ logoAssetId, logoData }: Pick<Row, 'logoAssetId' | 'logoData'>): string | null {
  return logoAssetId === null ? logoData : `/assets/${logoAssetId}`;
}

const READ = `
SELECT s.name, s.locale::text, s.colour, s.radius::int, s.logo_id AS "logoAssetId", s.logo_data AS "logoData",
  s.catalogue::text, s.registration::text, s.certificate_wording AS "certificateWording",
  s.certificate_signatory AS "certificateSignatory", s.second_factor::text AS rule, s.second_factor_from AS "from", t.state::text
FROM site_settings s JOIN tenants t ON t.id = s.tenant_id`;
