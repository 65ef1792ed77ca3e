import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { hexColour, id, instant, line, locale, paragraph } from '../primitives.ts';
import { storage } from './assets.ts';

const tag = 'Site';

/** What every page of a platform needs to look like its tenant; safe for anybody to see. */
export const site = z.object({
  name: z.string(),
  locale,
  colour: z.string(),
  /** Corner radius in pixels, 0–20. */
  radius: z.int(),
  /** Path of the logo on the instance (`/assets/<id>`) or a `data:` URL; null: the name is shown. */
  logo: z.string().nullable(),
  catalogue: z.enum(['public', 'private']),
  registration: z.enum(['open', 'invitation']),
  /** `read-only` while a payment is overdue: learners read, nobody new is enrolled. */
  state: z.enum(['live', 'read-only', 'suspended']),
});
export type Site = z.infer<typeof site>;

export const getSite = defineOperation({
  id: 'getSite',
  method: 'GET',
  path: '/v1/site',
  tag,
  identity: 'instance',
  summary: 'Name, branding and rules of the platform (an instance may keep it for 10 s)',
  response: site,
});

/** Of whom a second factor is asked at sign-in. */
export const secondFactorRule = z.enum(['optional', 'administrators', 'everybody']);

export const siteSettings = site.omit({ state: true, logo: true }).extend({
  logoAssetId: id.nullable(),
  logo: z.string().nullable(),
  certificateWording: z.string(),
  certificateSignatory: z.string(),
  learners: z.object({ used: z.int(), limit: z.int().nullable() }),
  storage,
  secondFactor: z.object({
    rule: secondFactorRule,
    /** From when on nothing else is open to those who lack it; null: at once. */
    from: instant.nullable(),
  }),
});

export const getSettings = defineOperation({
  id: 'getSettings',
  method: 'GET',
  path: '/v1/settings',
  tag,
  identity: 'user',
  permission: 'settings.write',
  summary: 'The platform’s settings',
  response: siteSettings,
});

export const updateSettings = defineOperation({
  id: 'updateSettings',
  method: 'PATCH',
  path: '/v1/settings',
  tag,
  identity: 'user',
  permission: 'settings.write',
  summary: 'Change the platform’s settings (only the given fields)',
  body: z.object({
    name: line(80).optional(),
    locale: locale.optional(),
    colour: hexColour.optional(),
    radius: z.int().min(0).max(20).optional(),
    logoAssetId: id.nullable().optional(),
    catalogue: z.enum(['public', 'private']).optional(),
    registration: z.enum(['open', 'invitation']).optional(),
    certificateWording: paragraph(500).optional(),
    certificateSignatory: paragraph(120).optional(),
  }),
  response: siteSettings,
});

export const askForSecondFactor = defineOperation({
  id: 'askForSecondFactor',
  method: 'PUT',
  path: '/v1/settings/second-factor',
  tag,
  identity: 'user',
  permission: 'settings.write',
  summary:
    'Of whom the platform asks for a second factor (409 `confirmation-needed` where the caller did not prove themselves in the last ten minutes, `second-factor-needed` where they would ask for what they lack)',
  body: z.object({
    rule: secondFactorRule,
    /** Days until those who lack it find everything else closed; meanwhile they are reminded. */
    graceDays: z.int().min(0).max(30),
  }),
  response: siteSettings,
});
