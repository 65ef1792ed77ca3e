import { watchKeys } from './keys.ts';
import { watchLesson } from './lesson.ts';
import { navigate } from './navigation.ts';
import { watchPackage } from './package.ts';

/** The behaviour of documents: a few kilobytes instead of React. Without it every link and form works all the same. */
watchKeys();
navigate((resumes) => {
  const ends = [watchLesson(resumes), watchPackage()];
  return () => {
    for (const end of ends) end?.();
  };
});
