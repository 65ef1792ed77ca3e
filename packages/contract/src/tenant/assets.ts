import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { fileKind } from '../platform/plans.ts';
import { id, instant, paragraph } from '../primitives.ts';

const tag = 'Assets';

export const asset = z.object({
  id,
  name: z.string(),
  mime: z.string(),
  bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  alt: z.string(),
  /** A virus scanner has not cleared it yet: nobody can open it so far. */
  scanning: z.boolean(),
});
export type Asset = z.infer<typeof asset>;

/** A package of web pages: a zip with an `index.html`, unpacked; or a page or a drawing that stands alone. */
export const contentPackage = z.object({
  id,
  name: z.string(),
  /** Unpacked. */
  bytes: z.int(),
  files: z.int(),
});
export type ContentPackage = z.infer<typeof contentPackage>;

const authors = { identity: 'user', permission: ['course.write', 'settings.write'] } as const;

/** The largest file that is sent in one piece; larger ones are sent resumably. */
export const WHOLE_BYTES = 20 * 1024 * 1024;

export const uploadAsset = defineOperation({
  id: 'uploadAsset',
  method: 'POST',
  path: '/v1/assets',
  tag,
  ...authors,
  summary:
    'Upload a small file in one piece (an image, a document, sound or film); its type is sniffed, never believed',
  query: z.object({ alt: paragraph(500).default('') }),
  bodyKind: 'bytes',
  maxBytes: WHOLE_BYTES,
  response: asset,
  status: 201,
  errors: [
    'payload-too-large',
    'unsupported-media',
    'file-mismatch',
    'file-broken',
    'file-infected',
    'storage-full',
  ],
});

/** The largest package: its archive is held in memory while it is unpacked. */
export const PACKAGE_BYTES = 300 * 1024 * 1024;

/** Widths in pixels that pictures are made in; a smaller picture is not enlarged. */
export const pictureWidths = [480, 960, 1600] as const;

export const downloadAsset = defineOperation({
  id: 'downloadAsset',
  method: 'GET',
  path: '/v1/assets/{assetId}',
  tag,
  identity: 'visitor',
  permission: 'everyone',
  summary:
    'The bytes of an asset, for those who may see what uses it (logo and public course covers: anybody). Pictures come resized and without what the camera noted beside them. `Range`, `If-Range` and `If-None-Match` are understood',
  params: z.object({ assetId: id }),
  query: z.object({
    /** Pictures: the smallest version that is at least this wide, or the largest there is. */
    w: z.coerce.number().int().min(1).max(10_000).optional(),
    /** The file as it was uploaded: for trainers and administrators. */
    original: z.literal('1').optional(),
  }),
  kind: 'binary',
  errors: ['not-found', 'scan-pending'],
});

/** How much of the plan's space is used, and what may be uploaded. */
export const storage = z.object({
  usedBytes: z.int(),
  limitBytes: z.int(),
  /** `near` from 80 % on, `full` where nothing more fits. */
  level: z.enum(['fine', 'near', 'full']),
  fileBytes: z.int(),
  kinds: z.array(fileKind),
});
export type Storage = z.infer<typeof storage>;

export const getStorage = defineOperation({
  id: 'getStorage',
  method: 'GET',
  path: '/v1/storage',
  tag,
  ...authors,
  summary: 'Space used of the plan’s, the largest file and the kinds of file that may be uploaded',
  response: storage,
});

/** What fills the space, what nothing uses any more, and what the virus scanner says. */
export const storageReport = z.object({
  storage,
  parts: z.array(
    z.object({
      /** `upload` is on its way: it counts whole from its beginning. */
      kind: z.enum([...fileKind.options, 'upload']),
      files: z.int(),
      bytes: z.int(),
    }),
  ),
  /** In no draft, no version, nowhere else, for more than a day. */
  unused: z.object({ files: z.int(), bytes: z.int() }),
  scanner: z.object({
    active: z.boolean(),
    /** Files that it has not cleared yet, the first 50 of them. */
    waiting: z.array(z.object({ name: z.string(), bytes: z.int(), sentAt: instant })),
    /** Files that were set aside, ever. */
    setAside: z.int(),
  }),
});
export type StorageReport = z.infer<typeof storageReport>;

export const getStorageReport = defineOperation({
  id: 'getStorageReport',
  method: 'GET',
  path: '/v1/storage/report',
  tag,
  identity: 'user',
  permission: 'settings.write',
  summary: 'What fills the plan’s space, what is not used any more, and what the virus scanner says',
  response: storageReport,
});

export const deleteUnusedFiles = defineOperation({
  id: 'deleteUnusedFiles',
  method: 'DELETE',
  path: '/v1/storage/unused',
  tag,
  identity: 'user',
  permission: 'settings.write',
  summary: 'Delete the files that no draft, no version and no setting has used for a day',
  response: storageReport,
});

const uploadParams = z.object({ uploadId: id });
const finishErrors = [
  'not-found',
  'upload-incomplete',
  'unsupported-media',
  'file-mismatch',
  'file-broken',
  'file-infected',
  'scan-pending',
] as const;

/**
 * Bytes are sent by tus 1.0 to `/v1/uploads` (creation, expiration, termination; metadata `filename`, `filetype`,
 * `purpose` and, where the sender could work it out, `sha256` in hexadecimal). These operations make something of them.
 * Repeating one answers the same.
 */
export const finishAsset = defineOperation({
  id: 'finishAsset',
  method: 'POST',
  path: '/v1/uploads/{uploadId}/asset',
  tag,
  ...authors,
  summary: 'Make an asset of a finished upload',
  params: uploadParams,
  body: z.object({ alt: paragraph(500).default('') }),
  response: asset,
  status: 201,
  errors: finishErrors,
});

export const finishPackage = defineOperation({
  id: 'finishPackage',
  method: 'POST',
  path: '/v1/uploads/{uploadId}/package',
  tag,
  identity: 'user',
  permission: 'course.write',
  summary: 'Unpack a finished upload (a zip of web pages, a page, a drawing) into an activity of the draft',
  params: uploadParams,
  body: z.object({ activityId: id }),
  response: contentPackage,
  status: 201,
  errors: [...finishErrors, 'version-frozen', 'import-refused', 'storage-full'],
});
