import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { instant, locale } from '../primitives.ts';

const tag = 'Credentials';
const params = z.object({ code: z.string().regex(/^[A-Za-z0-9-]{8,40}$/) });

export const credential = z.object({
  code: z.string(),
  holderName: z.string(),
  courseTitle: z.string(),
  issuer: z.string(),
  issuedAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  durationMinutes: z.int(),
});
export type Credential = z.infer<typeof credential>;

export const verifyCredential = defineOperation({
  id: 'verifyCredential',
  method: 'GET',
  path: '/v1/credentials/{code}',
  tag,
  identity: 'instance',
  summary: 'What a certificate says, for anybody who has its code',
  params,
  response: credential,
  errors: ['not-found'],
});

export const downloadCredential = defineOperation({
  id: 'downloadCredential',
  method: 'GET',
  path: '/v1/credentials/{code}/pdf',
  tag,
  identity: 'instance',
  summary: 'The certificate as a PDF',
  params,
  query: z.object({ locale: locale.optional() }),
  kind: 'binary',
  errors: ['not-found'],
});
