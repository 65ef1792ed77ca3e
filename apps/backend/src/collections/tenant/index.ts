import type { CollectionConfig } from 'payload';
import { activities } from './activities.ts';
import { assets } from './assets.ts';
import { assetUses } from './assetUses.ts';
import { attempts } from './attempts.ts';
import { auditChains, auditEntries, auditParticulars } from './audit.ts';
import { contentPackages } from './contentPackages.ts';
import { courses } from './courses.ts';
import { courseTrainers } from './courseTrainers.ts';
import { courseVersions } from './courseVersions.ts';
import { credentials } from './credentials.ts';
import { enrolments } from './enrolments.ts';
import { imports } from './imports.ts';
import { invitations } from './invitations.ts';
import { modules } from './modules.ts';
import { progress } from './progress.ts';
import { questions } from './questions.ts';
import { responses } from './responses.ts';
import { roles } from './roles.ts';
import { siteSettings } from './siteSettings.ts';
import { supportAccesses, supportSessions } from './supportAccesses.ts';
import { uploads } from './uploads.ts';
import { userChallenges, userPasskeys, userRecoveryCodes, userThrottles } from './userSecurity.ts';
import { userSessions } from './userSessions.ts';
import { users } from './users.ts';
import { userTokens } from './userTokens.ts';

/** Everything that belongs to one platform. */
export const tenantCollections: CollectionConfig[] = [
  roles,
  users,
  userSessions,
  userTokens,
  userPasskeys,
  userRecoveryCodes,
  userChallenges,
  userThrottles,
  invitations,
  siteSettings,
  assets,
  assetUses,
  uploads,
  contentPackages,
  courses,
  courseTrainers,
  courseVersions,
  modules,
  activities,
  questions,
  enrolments,
  progress,
  attempts,
  responses,
  credentials,
  imports,
  auditChains,
  auditEntries,
  auditParticulars,
  supportAccesses,
  supportSessions,
];
