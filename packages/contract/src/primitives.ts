import { z } from 'zod';

export const id = z.uuid().meta({ description: 'UUID (version 7 where we make it)' });
export const instant = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339 date and time' });
export const locale = z.enum(['fr', 'en']);
export type Locale = z.infer<typeof locale>;

/** Control characters other than tab and line breaks never belong in a text that a person typed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const hostile = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/;
const wellFormed = (text: string) => text.isWellFormed() && !hostile.test(text);

/** One line that a person typed: trimmed, 1 to `max` characters. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => wellFormed(text) && !/[\r\n]/.test(text), { error: 'text.hostile' });
/** Several lines that a person typed: up to `max` characters, may be empty. */
export const paragraph = (max: number) => z.string().max(max).refine(wellFormed, { error: 'text.hostile' });

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .refine(wellFormed, { error: 'text.hostile' });
/** A password to be set; the rules (length, common passwords) are the backend's. */
export const newPassword = z
  .string()
  .min(1)
  .max(200)
  .refine((p) => p.isWellFormed(), { error: 'text.hostile' });
export const password = z.string().min(1).max(200);
export const slug = z
  .string()
  .trim()
  .toLowerCase()
  .max(80)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
/** What a visitor typed as a subdomain; whether it is a good one is the operation's answer. */
export const subdomainCandidate = z.string().trim().toLowerCase().max(100);
export const hexColour = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/)
  .toLowerCase();
export const opaqueToken = z
  .string()
  .min(20)
  .max(200)
  .regex(/^[\w.-]+$/);
export const currency = z.enum(['EUR', 'USD', 'GBP', 'CHF']);
/** An amount in the currency's minor unit (cents). */
export const minor = z.int();

export const page = {
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
};
export const search = z.string().trim().max(200).refine(wellFormed, { error: 'text.hostile' }).optional();

/** One page of a list, with the total that the pager shows. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), page: z.int(), pageSize: z.int(), total: z.int() });

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

export const branding = z.object({
  name: line(80),
  colour: hexColour,
  /** A `data:` URL of a PNG, JPEG or WebP of at most 200 kB once decoded, or null. */
  logo: z
    .string()
    .max(280_000)
    .regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/)
    .nullable(),
});
export type Branding = z.infer<typeof branding>;
