import { watchKeys } from './keys.ts';
import { watchLesson } from './lesson.ts';
import { navigate } from './navigation.ts';

/** The behaviour of documents: a few kilobytes instead of React. Without it every link and form works all the same. */
watchKeys();
navigate(watchLesson);
