import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, paragraph } from '../primitives.ts';

const tag = 'Assets';

export const asset = z.object({
  id,
  name: z.string(),
  mime: z.string(),
  bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  alt: z.string(),
});
export type Asset = z.infer<typeof asset>;

export const uploadAsset = defineOperation({
  id: 'uploadAsset',
  method: 'POST',
  path: '/v1/assets',
  tag,
  identity: 'user',
  permission: ['course.write', 'settings.write'],
  summary: 'Upload an image (PNG, JPEG, WebP, GIF) or a PDF; the type is sniffed, never believed',
  query: z.object({ alt: paragraph(500).default('') }),
  bodyKind: 'bytes',
  maxBytes: 20 * 1024 * 1024,
  response: asset,
  status: 201,
  errors: ['payload-too-large', 'unsupported-media', 'limit-reached'],
});

export const downloadAsset = defineOperation({
  id: 'downloadAsset',
  method: 'GET',
  path: '/v1/assets/{assetId}',
  tag,
  identity: 'visitor',
  permission: 'everyone',
  summary:
    'The bytes of an asset, for those who may see what uses it (logo and public course covers: anybody)',
  params: z.object({ assetId: id }),
  kind: 'binary',
  errors: ['not-found'],
});
