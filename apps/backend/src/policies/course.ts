import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about a course look at. */
export interface CourseFacts {
  published: boolean;
  /** Whether the platform shows its catalogue to visitors. */
  catalogue: 'public' | 'private';
  listed: boolean;
  selfEnrolment: boolean;
  /** The viewer has an enrolment that runs. */
  enrolled: boolean;
  /** The viewer is one of its trainers. */
  own: boolean;
}

/**
 * `list`: in the catalogue; `see`: its page; `study`: its contents; `join`: enrol oneself. In the studio: `read`,
 * `write`, `publish`, `delete`; and `create`, of a course that is not there yet.
 */
export type CourseVerb =
  | 'list'
  | 'see'
  | 'study'
  | 'join'
  | 'read'
  | 'write'
  | 'publish'
  | 'delete'
  | 'create';

export const can = definePolicy('course', (viewer, verb: CourseVerb, course: CourseFacts) => {
  const admitted = viewer !== null || course.catalogue === 'public';
  switch (verb) {
    case 'list':
      return admitted && course.published && (course.listed || course.enrolled);
    case 'see':
      return course.enrolled || (admitted && course.published) || permits(viewer, 'course.read', course);
    case 'study':
      return course.enrolled || permits(viewer, 'course.read', course);
    case 'join':
      return viewer !== null && course.published && course.selfEnrolment;
    case 'read':
      return permits(viewer, 'course.read', course);
    case 'write':
      return permits(viewer, 'course.write', course);
    case 'publish':
      return permits(viewer, 'course.publish', course);
    case 'delete':
      return permits(viewer, 'course.delete', course);
    case 'create':
      return permits(viewer, 'course.create');
  }
});

/** The facts of a course that nobody has made yet. */
export const NEW_COURSE: CourseFacts = {
  published: false,
  catalogue: 'private',
  listed: false,
  selfEnrolment: false,
  enrolled: false,
  own: false,
};
