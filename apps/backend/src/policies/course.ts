import { isAuthor, type Viewer } from './viewer.ts';

/** What the rules about a course look at. */
export interface CourseFacts {
  published: boolean;
  /** Whether the platform shows its catalogue to visitors. */
  catalogue: 'public' | 'private';
  listed: boolean;
  selfEnrolment: boolean;
  /** The viewer has an enrolment that runs. */
  enrolled: boolean;
}

/** `list`: in the catalogue; `see`: its page; `study`: its contents; `join`: enrol oneself; `write`: in the studio. */
export type CourseVerb = 'list' | 'see' | 'study' | 'join' | 'write';

export function can(viewer: Viewer, verb: CourseVerb, course: CourseFacts): boolean {
  if (isAuthor(viewer) && verb !== 'join' && verb !== 'list') return true;
  const admitted = viewer !== null || course.catalogue === 'public';
  switch (verb) {
    case 'list':
      return admitted && course.published && (course.listed || course.enrolled);
    case 'see':
      return course.enrolled || (admitted && course.published);
    case 'study':
      return course.enrolled;
    case 'join':
      return viewer !== null && course.published && course.selfEnrolment;
    case 'write':
      return false;
  }
}
