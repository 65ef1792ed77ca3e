import { isDeepStrictEqual } from 'node:util';
import { type Entitlements, fileKind } from '@preau/contract/platform/plans';
import type { z } from 'zod';
import type { Db } from '../database/db.ts';
import type { Grant } from '../plans/entitlements.ts';
import type { addOnTexts, planTexts } from '../plans/list.ts';

interface Sold {
  code: string;
  highlighted?: boolean;
  /** Cents a month and a year, net of tax. */
  month: number;
  year: number;
}
type PlanSeed = Sold & { kind: 'plan'; texts: z.infer<typeof planTexts>; entitlements: Entitlements };
type AddOnSeed = Sold & { kind: 'addOn'; texts: z.infer<typeof addOnTexts>; entitlements: Grant };

const GIGABYTE = 1024;

/** What is on sale, in the order of the price list. */
const OFFER: (PlanSeed | AddOnSeed)[] = [
  {
    kind: 'plan',
    code: 'essentiel',
    month: 4_900,
    year: 49_000,
    texts: {
      name: { fr: 'Essentiel', en: 'Essential' },
      tagline: { fr: 'Pour lancer ses premières formations.', en: 'To launch your first courses.' },
      features: [
        { fr: '50 apprenants', en: '50 learners' },
        { fr: '3 formateurs', en: '3 trainers' },
        { fr: '10 Go de fichiers', en: '10 GB of files' },
        { fr: '200 Go de trafic par mois', en: '200 GB of traffic a month' },
        { fr: 'Quiz notés et attestations', en: 'Graded quizzes and certificates' },
        { fr: 'Aide par courriel', en: 'Help by e-mail' },
      ],
    },
    entitlements: {
      learners: 50,
      trainers: 3,
      storageMegabytes: 10 * GIGABYTE,
      fileMegabytes: 200,
      fileKinds: ['image', 'document', 'audio', 'package'],
      memoryMegabytes: 256,
      trafficMegabytes: 200 * GIGABYTE,
      processorHours: 50,
      customDomain: false,
      alwaysOn: false,
      support: 'mail',
    },
  },
  {
    kind: 'plan',
    code: 'equipe',
    highlighted: true,
    month: 14_900,
    year: 149_000,
    texts: {
      name: { fr: 'Équipe', en: 'Team' },
      tagline: { fr: 'Pour former toute une entreprise.', en: 'To train a whole company.' },
      features: [
        { fr: '300 apprenants', en: '300 learners' },
        { fr: '15 formateurs', en: '15 trainers' },
        { fr: '100 Go de fichiers', en: '100 GB of files' },
        { fr: '1 000 Go de trafic par mois', en: '1,000 GB of traffic a month' },
        { fr: 'Toujours prête, sans mise en veille', en: 'Always ready, never asleep' },
        { fr: 'Aide prioritaire', en: 'Priority help' },
      ],
    },
    entitlements: {
      learners: 300,
      trainers: 15,
      storageMegabytes: 100 * GIGABYTE,
      fileMegabytes: GIGABYTE,
      fileKinds: [...fileKind.options],
      memoryMegabytes: 384,
      trafficMegabytes: 1000 * GIGABYTE,
      processorHours: 200,
      customDomain: true,
      alwaysOn: true,
      support: 'priority',
    },
  },
  {
    kind: 'plan',
    code: 'organisation',
    month: 39_900,
    year: 399_000,
    texts: {
      name: { fr: 'Organisation', en: 'Organisation' },
      tagline: { fr: 'Pour les organismes de formation.', en: 'For training organisations.' },
      features: [
        { fr: 'Apprenants sans limite', en: 'Unlimited learners' },
        { fr: 'Formateurs sans limite', en: 'Unlimited trainers' },
        { fr: '500 Go de fichiers', en: '500 GB of files' },
        { fr: 'Trafic sans limite', en: 'Unlimited traffic' },
        { fr: 'Toujours prête, sans mise en veille', en: 'Always ready, never asleep' },
        { fr: 'Un interlocuteur attitré', en: 'A dedicated contact' },
      ],
    },
    entitlements: {
      learners: null,
      trainers: null,
      storageMegabytes: 500 * GIGABYTE,
      fileMegabytes: 2000,
      fileKinds: [...fileKind.options],
      memoryMegabytes: 512,
      trafficMegabytes: null,
      processorHours: null,
      customDomain: true,
      alwaysOn: true,
      support: 'dedicated',
    },
  },
  {
    kind: 'addOn',
    code: 'apprenants-100',
    month: 2_900,
    year: 29_000,
    texts: {
      name: { fr: '100 apprenants de plus', en: '100 more learners' },
      description: {
        fr: 'S’ajoutent à ceux de votre offre.',
        en: 'Added to those of your plan.',
      },
    },
    entitlements: { learners: 100 },
  },
  {
    kind: 'addOn',
    code: 'stockage-100',
    month: 1_900,
    year: 19_000,
    texts: {
      name: { fr: '100 Go de fichiers de plus', en: '100 GB more of files' },
      description: {
        fr: 'Pour les vidéos et les documents volumineux.',
        en: 'For videos and large documents.',
      },
    },
    entitlements: { storageMegabytes: 100 * GIGABYTE },
  },
  {
    kind: 'addOn',
    code: 'aide-prioritaire',
    month: 4_900,
    year: 49_000,
    texts: {
      name: { fr: 'Aide prioritaire', en: 'Priority help' },
      description: { fr: 'Une réponse dans la demi-journée.', en: 'An answer within half a day.' },
    },
    entitlements: { support: 'priority' },
  },
];

const CURRENCY = 'EUR';

/**
 * Puts the offer on sale. What has changed becomes a new version, so that what was sold stays as it was; what has
 * not stays untouched.
 */
export async function seedPlans(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('seed:plans', 0))`);
    for (const [position, sold] of OFFER.entries()) await seedOne(tx, sold, position);
  });
}

async function seedOne(tx: Db, sold: PlanSeed | AddOnSeed, position: number): Promise<void> {
  const { code, kind, texts, entitlements, month, year } = sold;
  const { id } = await tx.one<{ id: string }>(
    `INSERT INTO plans (code, kind, position, on_sale, highlighted) VALUES ($1, $2, $3, true, $4)
     ON CONFLICT (code) DO UPDATE SET position = $3, highlighted = $4 RETURNING id`,
    [code, kind, position, sold.highlighted ?? false],
  );
  const current = await tx.maybe<{ texts: unknown; entitlements: unknown; prices: Record<string, number> }>(
    `SELECT v.texts, v.entitlements, (SELECT json_object_agg(c.interval, c.amount_minor::int) FROM prices c
       WHERE c.plan_version_id = v.id AND c.currency = $2) AS prices
     FROM plans p JOIN plan_versions v ON v.id = p.current_version_id WHERE p.id = $1`,
    [id, CURRENCY],
  );
  if (current && isDeepStrictEqual(current, { texts, entitlements, prices: { month, year } })) return;
  const version = await tx.one<{ id: string }>(
    `INSERT INTO plan_versions (plan_id, number, texts, entitlements)
     SELECT $1, coalesce(max(number), 0) + 1, $2, $3 FROM plan_versions WHERE plan_id = $1 RETURNING id`,
    [id, JSON.stringify(texts), JSON.stringify(entitlements)],
  );
  for (const [interval, amount] of Object.entries({ month, year })) {
    await tx.query(
      `INSERT INTO prices (plan_version_id, interval, currency, amount_minor) VALUES ($1, $2, $3, $4)`,
      [version.id, interval, CURRENCY, amount],
    );
  }
  await tx.query('UPDATE plans SET current_version_id = $2, updated_at = now() WHERE id = $1', [
    id,
    version.id,
  ]);
}
