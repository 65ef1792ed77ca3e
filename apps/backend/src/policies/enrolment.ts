import { definePolicy } from './policy.ts';
import { permits, type Relation } from './viewer.ts';

/** `manage`: enrol, suspend, grant an attempt. */
export type EnrolmentVerb = 'manage';

export const can = definePolicy('enrolment', (viewer, _verb: EnrolmentVerb, enrolment: Relation) =>
  permits(viewer, 'enrolment.manage', enrolment),
);
