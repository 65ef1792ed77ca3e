import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtInRoles, completed, type Grants } from '@preau/contract';
import { can as canAsset } from './asset.ts';
import { can as canAttempt } from './attempt.ts';
import { type CourseFacts, can as canCourse } from './course.ts';
import { can as canEnrolment } from './enrolment.ts';
import { can as canExport } from './export.ts';
import { can as canImport } from './import.ts';
import { can as canPasskey } from './passkey.ts';
import { can as canPerson, canSecure, keepsAnAdministrator, type PersonChange } from './person.ts';
import { can as canProgress } from './progress.ts';
import { can as canQuestion } from './question.ts';
import { can as canRole } from './role.ts';
import { can as canSession } from './session.ts';
import { can as canSettings } from './settings.ts';
import { can as canTrainer } from './trainer.ts';
import type { User, Viewer } from './viewer.ts';

const user = (grants: Grants): User => ({ id: 'me', role: 'learner', grants });

/** Somebody a tenant made up: looks at everything pedagogical, changes nothing. */
const adviser = completed({
  'course.read': ['all'],
  'progress.read': ['all'],
  'question.read-answers': ['own'],
});

const viewers: [string, Viewer][] = [
  ['visitor', null],
  ['learner', user(builtInRoles.learner)],
  ['manager', user(builtInRoles.manager)],
  ['trainer', user(builtInRoles.trainer)],
  ['adviser', user(adviser)],
  ['admin', user(builtInRoles.administrator)],
];

const open: CourseFacts = {
  published: true,
  catalogue: 'public',
  listed: true,
  selfEnrolment: true,
  enrolled: false,
  own: false,
};
const courses: Record<string, CourseFacts> = {
  'in a public catalogue': open,
  'in a private catalogue': { ...open, catalogue: 'private' },
  unlisted: { ...open, catalogue: 'private', listed: false },
  'closed to joining': { ...open, selfEnrolment: false },
  'a draft of others': { ...open, published: false, catalogue: 'private' },
  'a draft of one’s own': { ...open, published: false, catalogue: 'private', own: true },
  'enrolled in': { ...open, catalogue: 'private', listed: false, enrolled: true },
};
const relations = {
  'of others': { own: false, team: false },
  'in one’s own course': { own: true, team: false },
  'of one’s team': { own: false, team: true },
};

/** Everything the policies decide about, by noun, verb and how the object relates to the viewer. */
const rows: [string, (viewer: Viewer) => boolean][] = [
  ...(['list', 'see', 'study', 'join', 'read', 'write', 'publish', 'delete'] as const).flatMap((verb) =>
    Object.entries(courses).map(([name, course]): [string, (viewer: Viewer) => boolean] => [
      `course ${verb}: ${name}`,
      (viewer) => canCourse(viewer, verb, course),
    ]),
  ),
  ['course create: a new one', (viewer) => canCourse(viewer, 'create', open)],
  ...Object.entries(relations).flatMap(([name, relation]): [string, (viewer: Viewer) => boolean][] => [
    [`question read-answers: ${name}`, (viewer) => canQuestion(viewer, 'read-answers', relation)],
    [`attempt read: ${name}`, (viewer) => canAttempt(viewer, 'read', { userId: 'other', ...relation })],
    [`attempt answer: ${name}`, (viewer) => canAttempt(viewer, 'answer', { userId: 'other', ...relation })],
    [`attempt submit: ${name}`, (viewer) => canAttempt(viewer, 'submit', { userId: 'other', ...relation })],
    [`progress read: ${name}`, (viewer) => canProgress(viewer, 'read', { userId: 'other', ...relation })],
    [`export personal-data: ${name}`, (viewer) => canExport(viewer, 'personal-data', relation)],
    [`progress save: ${name}`, (viewer) => canProgress(viewer, 'save', { userId: 'other', ...relation })],
    [`enrolment manage: ${name}`, (viewer) => canEnrolment(viewer, 'manage', relation)],
  ]),
  ['attempt read: one’s own', (viewer) => canAttempt(viewer, 'read', { userId: 'me', own: false })],
  ['attempt answer: one’s own', (viewer) => canAttempt(viewer, 'answer', { userId: 'me', own: false })],
  ['attempt submit: one’s own', (viewer) => canAttempt(viewer, 'submit', { userId: 'me', own: false })],
  ['progress read: one’s own', (viewer) => canProgress(viewer, 'read', { userId: 'me' })],
  ['progress save: one’s own', (viewer) => canProgress(viewer, 'save', { userId: 'me' })],
  ['asset download: shown', (v) => canAsset(v, 'download', { shown: true, studied: false, own: false })],
  ['asset download: studied', (v) => canAsset(v, 'download', { shown: false, studied: true, own: false })],
  ['asset download: one’s own', (v) => canAsset(v, 'download', { shown: false, studied: false, own: true })],
  ['asset download: of others', (v) => canAsset(v, 'download', { shown: false, studied: false, own: false })],
  ['asset original: one’s own', (v) => canAsset(v, 'original', { shown: true, studied: true, own: true })],
  ['asset original: of others', (v) => canAsset(v, 'original', { shown: true, studied: true, own: false })],
  ['asset upload: a new one', (v) => canAsset(v, 'upload', { shown: false, studied: false, own: false })],
  ['import run: into one’s own course', (v) => canImport(v, 'run', { started: true, own: true })],
  ['import run: into a course of others', (v) => canImport(v, 'run', { started: true, own: false })],
  ['import read: one’s own', (v) => canImport(v, 'read', { started: true, own: false })],
  ['import read: of others', (v) => canImport(v, 'read', { started: false, own: false })],
  ['person list: everybody', (v) => canPerson(v, 'list', { grants: {} })],
  ...Object.entries({
    learner: builtInRoles.learner,
    trainer: builtInRoles.trainer,
    administrator: builtInRoles.administrator,
  }).flatMap(([name, grants]): [string, (viewer: Viewer) => boolean][] => [
    [`person invite: ${name}`, (v) => canPerson(v, 'invite', { grants })],
    [`person manage: ${name}`, (v) => canPerson(v, 'manage', { grants })],
    [`person reset-factors: ${name}`, (v) => canSecure(v, 'reset-factors', { userId: 'other', grants })],
    [`person end-sessions: ${name}`, (v) => canSecure(v, 'end-sessions', { userId: 'other', grants })],
    [`role assign: ${name}`, (v) => canRole(v, 'assign', { grants: [grants] })],
    [`role write: ${name}`, (v) => canRole(v, 'write', { grants: [grants] })],
  ]),
  ['person reset-factors: oneself', (v) => canSecure(v, 'reset-factors', { userId: 'me', grants: {} })],
  ['person end-sessions: oneself', (v) => canSecure(v, 'end-sessions', { userId: 'me', grants: {} })],
  ['role list: all', (v) => canRole(v, 'list', { grants: [] })],
  ...[false, true].flatMap((own) =>
    Object.entries({
      'a trainer': builtInRoles.trainer,
      'a manager': builtInRoles.manager,
      'an adviser': adviser,
    }).map(([name, grants]): [string, (viewer: Viewer) => boolean] => [
      `trainer assign: ${name}, ${own ? 'one’s own course' : 'of others'}`,
      (v) => canTrainer(v, 'assign', { own, people: [grants] }),
    ]),
  ),
  ['settings read: the platform’s', (v) => canSettings(v, 'read', null)],
  ['settings write: the platform’s', (v) => canSettings(v, 'write', null)],
  ...Object.entries({ 'one’s own': 'me', 'of others': 'other' }).flatMap(
    ([name, userId]): [string, (viewer: Viewer) => boolean][] => [
      [`passkey rename: ${name}`, (v) => canPasskey(v, 'rename', { userId })],
      [`passkey remove: ${name}`, (v) => canPasskey(v, 'remove', { userId })],
      [`session end: ${name}`, (v) => canSession(v, 'end', { userId })],
    ],
  ),
];

const WIDTH = 44;
const table = () =>
  [
    ''.padEnd(WIDTH) + viewers.map(([name]) => name.padEnd(9)).join(''),
    ...rows.map(
      ([row, ask]) =>
        row.padEnd(WIDTH) + viewers.map(([, viewer]) => (ask(viewer) ? 'yes' : '·').padEnd(9)).join(''),
    ),
  ]
    .map((line) => line.trimEnd())
    .join('\n');

test('who may do what: the whole matrix', () => {
  const file = join(import.meta.dirname, 'matrix.txt');
  if (process.env.WRITE_MATRIX) writeFileSync(file, `${table()}\n`);
  assert.equal(`${table()}\n`, readFileSync(file, 'utf8'), 'read it, then keep it with WRITE_MATRIX=1');
});

test('an administrator who can sign in always remains', () => {
  const last: PersonChange = {
    role: 'administrator',
    active: true,
    administrators: 1,
    next: { role: 'learner', active: true },
  };
  const changes: [string, PersonChange, boolean][] = [
    ['demote the last', last, false],
    ['disable the last', { ...last, next: { role: 'administrator', active: false } }, false],
    ['demote one of two', { ...last, administrators: 2 }, true],
    ['keep the last', { ...last, next: { role: 'administrator', active: true } }, true],
    ['demote a disabled one', { ...last, active: false }, true],
    ['promote a learner', { ...last, role: 'learner', next: { role: 'administrator', active: true } }, true],
  ];
  for (const [name, change, expected] of changes) assert.equal(keepsAnAdministrator(change), expected, name);
});
