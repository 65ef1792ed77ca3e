import { builtInRoles, type Grants, type OperationId, type Role } from '@preau/contract';
import type { SupportScope } from '@preau/contract/tenant/support';

/** What every support session needs to show a page at all. */
const always: readonly OperationId[] = ['getMe', 'signOut', 'getSite'];

const readSettings: readonly OperationId[] = [
  'getSettings',
  'getStorageReport',
  'listPeople',
  'listInvitations',
  'listRoles',
];
const readCourses: readonly OperationId[] = [
  'listCourses',
  'getCourse',
  'getDashboard',
  'getActivity',
  'downloadAsset',
  'listStudioCourses',
  'getStudioCourse',
  'getStudioActivity',
  'listVersions',
  'getImport',
  'listImports',
];
const asTrainer: readonly OperationId[] = [
  ...readCourses,
  'createCourse',
  'updateCourse',
  'deleteCourse',
  'createModule',
  'updateModule',
  'deleteModule',
  'createActivity',
  'updateActivity',
  'deleteActivity',
  'setQuestions',
  'orderCourse',
  'publishCourse',
  'uploadAsset',
  'createImport',
  'listEnrolments',
  'enrolPeople',
  'endEnrolment',
  'grantAttempt',
  'getAttempt',
  'listTrainers',
  'setTrainers',
  'getStorage',
  'finishAsset',
  'finishPackage',
  'finishImport',
];
const asAdministrator: readonly OperationId[] = [
  ...asTrainer,
  ...readSettings,
  'updateSettings',
  'updatePerson',
  'invitePeople',
  'revokeInvitation',
  'createRole',
  'updateRole',
  'deleteRole',
  'listJournal',
  'verifyJournal',
];

/**
 * What each scope opens. Whatever is not named here is refused, so a new operation is closed to support until
 * somebody decides otherwise. Named nowhere on purpose: passwords, factors, whose factors are asked for or taken away,
 * and profile; answers, progress and enrolment of one's own; teams, for support is nobody's manager;
 * everything about support accesses. Resumable uploads (uploads/tus.ts) ask for `finishAsset`.
 */
export const SCOPES: Record<SupportScope, ReadonlySet<OperationId>> = {
  settings: new Set([...always, ...readSettings]),
  courses: new Set([...always, ...readCourses]),
  trainer: new Set([...always, ...asTrainer]),
  administrator: new Set([...always, ...asAdministrator]),
};

/** Files with personal data: only where the scope reaches them and the administrator allowed exports. */
export const EXPORTS: Partial<Record<OperationId, readonly SupportScope[]>> = {
  exportEnrolments: ['trainer', 'administrator'],
  exportJournal: ['administrator'],
};

/** The role whose operations a scope may reach at all. */
export const ROLE_OF: Record<SupportScope, Role> = {
  settings: 'administrator',
  courses: 'trainer',
  trainer: 'trainer',
  administrator: 'administrator',
};

export function covers(access: { scope: SupportScope; exports: boolean }, operation: OperationId): boolean {
  if (SCOPES[access.scope].has(operation)) return true;
  return access.exports && EXPORTS[operation]?.includes(access.scope) === true;
}

const GRANTS: Record<SupportScope, Grants> = {
  settings: { 'person.read': ['all'], 'person.invite': ['all'], 'settings.write': ['all'] },
  courses: { 'course.read': ['all'], 'question.read-answers': ['all'] },
  // Staff are nobody's trainer: what a trainer does on their own courses, support does on all.
  trainer: Object.fromEntries(Object.keys(builtInRoles.trainer).map((name) => [name, ['all']])),
  administrator: builtInRoles.administrator,
};

/** What the policies let a support session do, within the operations that its scope opens. */
export function grantsOf({ scope, exports }: { scope: SupportScope; exports: boolean }): Grants {
  const {
    'data.query': _query,
    'support.grant': _support,
    'export.personal-data': taking,
    ...rest
  } = GRANTS[scope];
  return exports && taking ? { ...rest, 'export.personal-data': taking } : rest;
}

/** Calls that show nothing of the tenant beyond the page's frame: they are not written down. */
export function isSilent(operation: OperationId): boolean {
  return always.includes(operation);
}
