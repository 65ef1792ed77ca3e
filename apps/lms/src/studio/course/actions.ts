'use server';

import { activityType } from '@preau/contract/tenant/content';
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { problemOf } from '@/server/load';
import { may } from '@/server/may';
import { visit } from '@/server/visit';

export async function createCourse(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const course = await backend().createCourse({
      ...call,
      body: { title: text(form, 'title'), summary: text(form, 'summary') },
    });
    redirect(`/studio/courses/${course.id}`);
  });
}

export async function publishCourse(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const course = await backend().publishCourse({ ...call, params: { courseId: text(form, 'courseId') } });
    refresh();
    return { notice: t('studio.publishedNotice', { number: course.published?.number ?? 1 }) };
  });
}

const lines = (value: string) =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export async function saveCourse(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const courseId = text(form, 'courseId');
    const cover = form.get('cover');
    let coverAssetId: string | undefined;
    if (cover instanceof File && cover.size > 0) {
      const asset = await backend().uploadAsset({
        ...call,
        query: { alt: text(form, 'coverAlt') },
        body: new Uint8Array(await cover.arrayBuffer()),
        contentType: cover.type,
        fileName: cover.name,
      });
      coverAssetId = asset.id;
    }
    await backend().updateCourse({
      ...call,
      params: { courseId },
      body: {
        title: text(form, 'title'),
        slug: text(form, 'slug'),
        summary: text(form, 'summary'),
        objectives: lines(text(form, 'objectives')),
        audience: text(form, 'audience'),
        prerequisites: text(form, 'prerequisites'),
        selfEnrolment: form.has('selfEnrolment'),
        listed: form.has('listed'),
        ...(coverAssetId ? { coverAssetId } : {}),
      },
    });
    refresh();
    return { notice: t('studio.saved') };
  });
}

/** Replaces the trainers of a course. Whoever takes themselves off it may have nothing to see there any more. */
export async function saveTrainers(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t, user } = await visit();
    const courseId = text(form, 'courseId');
    const userIds = form.getAll('trainer').filter((one) => typeof one === 'string');
    const { items } = await backend().setTrainers({ ...call, params: { courseId }, body: { userIds } });
    const own = items.some(({ id, trainer }) => trainer && id === user?.id);
    if (!may(user, 'course.read', { own })) redirect('/studio');
    refresh();
    return { notice: t('trainers.saved') };
  });
}

export async function deleteCourse(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    await backend().deleteCourse({ ...call, params: { courseId: text(form, 'courseId') } });
    redirect('/studio');
  });
}

export async function addModule(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    await backend().createModule({
      ...call,
      params: { courseId: text(form, 'courseId') },
      body: { title: text(form, 'title') },
    });
    refresh();
    return {};
  });
}

export async function addActivity(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const { activityId } = await backend().createActivity({
      ...call,
      params: { moduleId: text(form, 'moduleId') },
      body: { type: activityType.catch('lesson').parse(text(form, 'type')), title: text(form, 'title') },
    });
    redirect(`/studio/activities/${activityId}`);
  });
}

export async function renameModule(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().updateModule({
      ...call,
      params: { moduleId: text(form, 'moduleId') },
      body: { title: text(form, 'title') },
    });
    refresh();
    return { notice: t('studio.saved') };
  });
}

/** What a part of the tree that works without a form answers: nothing, or why not. */
export type Outcome = { reason?: string };

async function attempt(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    refresh();
    return {};
  } catch (error) {
    return { reason: (await problemOf(error)).detail };
  }
}

export async function saveOrder(
  courseId: string,
  modules: { id: string; activityIds: string[] }[],
): Promise<Outcome> {
  const { call } = await visit();
  return attempt(() => backend().orderCourse({ ...call, params: { courseId }, body: { modules } }));
}

export async function removeModule(moduleId: string): Promise<Outcome> {
  const { call } = await visit();
  return attempt(() => backend().deleteModule({ ...call, params: { moduleId } }));
}

export async function removeActivity(activityId: string): Promise<Outcome> {
  const { call } = await visit();
  return attempt(() => backend().deleteActivity({ ...call, params: { activityId } }));
}
