import type { Locale } from '@preau/contract';
import type { Credential } from '@preau/contract/tenant/credentials';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import type { FileStore } from '../files/store.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { platformAddress } from '../site/address.ts';
import { normaliseCode } from './code.ts';

interface Row {
  id: string;
  credential: Credential;
  colour: string;
  locale: Locale;
  wording: string;
  signatory: string;
  logoPath: string | null;
  logoData: string | null;
  slug: string;
  /** Changes whenever the certificate would look different. */
  stamp: string;
}

/** What a certificate says, for whoever has its code. */
export async function verifyCredential(db: Db, code: string): Promise<Credential> {
  return (await read(db, code)).credential;
}

const KEPT_BYTES = 32 * 1024 * 1024;
const kept = new LRUCache<string, Buffer>({ maxSize: KEPT_BYTES, sizeCalculation: ({ length }) => length });

/** The certificate as a PDF; a revoked one is no longer given out. */
export async function downloadCredential(
  db: Db,
  code: string,
  options: { locale: Locale | undefined; files: FileStore; publicUrl: string },
): Promise<BinaryAnswer> {
  const row = await read(db, code);
  const { credential } = row;
  if (credential.revokedAt !== null) refuse('not-found');
  const locale = options.locale ?? row.locale;
  const key = `${row.id}/${locale}/${row.stamp}`;
  const body = kept.get(key) ?? (await draw(row, locale, options));
  kept.set(key, body);
  const name = `${locale === 'fr' ? 'certificat' : 'certificate'}-${credential.code}.pdf`;
  return {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(body.length),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-cache',
    },
    body,
  };
}

async function draw(
  row: Row,
  locale: Locale,
  { files, publicUrl }: { files: FileStore; publicUrl: string },
): Promise<Buffer> {
  // Loaded when the first certificate is asked for: the fonts and what draws them cost 40 MB.
  const { certificatePdf } = await import('./pdf.ts');
  const { credential } = row;
  return certificatePdf({
    locale,
    holderName: credential.holderName,
    courseTitle: credential.courseTitle,
    durationMinutes: credential.durationMinutes,
    issuedAt: new Date(credential.issuedAt),
    code: credential.code,
    verificationUrl: `${platformAddress(publicUrl, row.slug)}/verify/${credential.code}`,
    issuer: {
      name: credential.issuer,
      colour: row.colour,
      logo: await readLogo(row, files),
      wording: row.wording,
      signatory: row.signatory,
    },
  });
}

async function read(db: Db, code: string): Promise<Row> {
  return found(await db.maybe<Row>(READ, [normaliseCode(code)]));
}

/** The logo as PNG; a file that cannot be read leaves the name in its place. */
async function readLogo({ logoPath, logoData }: Row, files: FileStore): Promise<Buffer | null> {
  try {
    const bytes = logoPath
      ? await files.read(fileKey(logoPath))
      : logoData && Buffer.from(logoData.slice(logoData.indexOf(',') + 1), 'base64');
    return bytes ? await sharp(bytes).png().toBuffer() : null;
  } catch {
    return null;
  }
}

const READ = `
SELECT k.id, json_build_object(
    'code', k.code, 'holderName', k.holder_name, 'courseTitle', k.course_title, 'issuer', s.name,
    'issuedAt', k.issued_at, 'expiresAt', NULL, 'revokedAt', k.revoked_at,
    'durationMinutes', coalesce(k.duration_minutes, 0)
  ) AS credential,
  s.colour, s.locale::text, s.certificate_wording AS wording, s.certificate_signatory AS signatory,
  (SELECT coalesce(a.variants -> -1 ->> 'key', a.path) FROM assets a WHERE a.id = s.logo_id) AS "logoPath", s.logo_data AS "logoData",
  t.slug, s.updated_at::text AS stamp
FROM credentials k
JOIN site_settings s ON s.tenant_id = k.tenant_id
JOIN tenants t ON t.id = k.tenant_id
WHERE k.code = $1`;
