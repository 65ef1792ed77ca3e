import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id } from '../primitives.ts';

const tag = 'Studio';
const identity = 'user';
const permission = 'trainer.assign';
const params = z.object({ courseId: id });
const path = '/v1/studio/courses/{courseId}/trainers';

export const courseTrainers = z.object({
  /** By name: whose role can make something of being a trainer, and whoever is one. */
  items: z.array(
    z.object({
      id,
      name: z.string(),
      trainer: z.boolean(),
      /** Whether the caller may change it: it gives the person nothing that the caller may not do here. */
      assignable: z.boolean(),
    }),
  ),
});

export const listTrainers = defineOperation({
  id: 'listTrainers',
  method: 'GET',
  path,
  tag,
  identity,
  permission,
  summary: 'Who are the trainers of a course, and who could be',
  params,
  response: courseTrainers,
  errors: ['not-found', 'forbidden'],
});

export const setTrainers = defineOperation({
  id: 'setTrainers',
  method: 'PUT',
  path,
  tag,
  identity,
  permission,
  summary: 'Say who the trainers of a course are: the whole list; reaches them within 5 seconds',
  params,
  body: z.object({ userIds: z.array(id).max(100) }),
  response: courseTrainers,
  errors: ['not-found', 'forbidden', 'invalid-request'],
});
