import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf } from '../primitives.ts';

const tag = 'Imports';
const identity = 'user';

/** The largest file that is imported. */
export const IMPORT_BYTES = 100 * 1024 * 1024;

/** Something that was not understood: where, what, and what became of it. */
export const importNote = z.object({
  level: z.enum(['info', 'warning', 'error']),
  file: z.string(),
  line: z.int().nullable(),
  what: z.string(),
  excerpt: z.string(),
});

export const importJob = z.object({
  id,
  kind: z.enum(['markdown', 'gift']),
  fileName: z.string(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed']),
  /** 0 to 100. */
  percent: z.int(),
  step: z.enum(['store', 'read', 'assets', 'write', 'done']),
  courseId: id.nullable(),
  activityId: id.nullable(),
  counts: z.object({ modules: z.int(), lessons: z.int(), assets: z.int(), questions: z.int() }),
  notes: z.array(importNote),
  /** Why it failed, in the caller's language. */
  error: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type ImportJob = z.infer<typeof importJob>;

export const createImport = defineOperation({
  id: 'createImport',
  method: 'POST',
  path: '/v1/imports',
  tag,
  identity,
  permission: 'import.run',
  summary: 'Import a zip of Markdown as a new course, or a GIFT file as questions of a quiz',
  query: z.object({
    kind: z.enum(['markdown', 'gift']),
    /** GIFT: the quiz that receives the questions. Markdown: ignored. */
    activityId: id.optional(),
    /** GIFT without a quiz: the module in which a new quiz is made. */
    moduleId: id.optional(),
  }),
  bodyKind: 'bytes',
  maxBytes: IMPORT_BYTES,
  response: importJob,
  status: 201,
  errors: [
    'payload-too-large',
    'unsupported-media',
    'import-refused',
    'storage-full',
    'not-found',
    'read-only',
  ],
});

export const finishImport = defineOperation({
  id: 'finishImport',
  method: 'POST',
  path: '/v1/uploads/{uploadId}/import',
  tag,
  identity,
  permission: 'import.run',
  summary: 'Import a finished upload; see createImport',
  params: z.object({ uploadId: id }),
  body: createImport.query,
  response: importJob,
  status: 201,
  errors: ['not-found', 'upload-incomplete', 'import-refused', 'storage-full', 'read-only'],
});

export const getImport = defineOperation({
  id: 'getImport',
  method: 'GET',
  path: '/v1/imports/{importId}',
  tag,
  identity,
  permission: 'import.run',
  summary: 'Progress and report of an import',
  params: z.object({ importId: id }),
  response: importJob,
  errors: ['not-found'],
});

export const listImports = defineOperation({
  id: 'listImports',
  method: 'GET',
  path: '/v1/imports',
  tag,
  identity,
  permission: 'import.run',
  summary: 'The latest 50 imports, without their notes',
  response: listOf(importJob.omit({ notes: true })),
});
