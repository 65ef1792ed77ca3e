import type { Locale, ResponseOf } from '@preau/contract';
import { deletionStatement, type getDeletionCertificate } from '@preau/contract/platform/deletion';
import { brandScale } from '@preau/design';
import { openDocument } from '../credentials/document.ts';
import { type Face, runs } from '../credentials/fonts.ts';
import type { Statement } from './certificate.ts';

const MARGIN = 56;
const INK = '#1b1f29';
const INK_SOFT = '#4c525f';
const BRAND = brandScale('#006a4e').light.brand;

/** Draws a certificate of deletion: A4, tagged for screen readers; the signed text itself is what proves. */
export async function deletionPdf(
  { number, statement, digest, signature, publicKey }: ResponseOf<typeof getDeletionCertificate>,
  locale: Locale,
): Promise<Buffer> {
  const said = deletionStatement.parse(JSON.parse(statement));
  const say = words[locale];
  const { doc, end } = openDocument({
    size: 'A4',
    margin: MARGIN,
    lang: locale,
    info: { Title: `${say.title} ${number}`, Author: 'Préau', Creator: 'Préau' },
  });
  const root = doc.struct('Document');
  doc.addStructure(root);

  const write = (tag: string, text: string, face: Face, size: number, colour = INK, gap = 4) => {
    const paragraph = () => {
      const parts = runs(text, face);
      for (const [index, run] of parts.entries())
        doc
          .font(run.font)
          .fontSize(size)
          .fillColor(colour)
          .text(run.text, { continued: index < parts.length - 1, lineGap: 2 });
    };
    root.add(doc.struct(tag, {}, paragraph));
    doc.y += gap;
  };
  const fact = (label: string, value: string) => {
    write('P', label, 'text', 9, INK_SOFT, 0);
    write('P', value, 'strong', 11, INK, 6);
  };

  doc.markContent('Artifact', { type: 'Layout' });
  doc.rect(0, 0, doc.page.width, 10).fill(BRAND);
  doc.endMarkedContent();
  doc.y = MARGIN;
  write('P', 'Préau', 'heading', 16, BRAND, 18);
  write('H1', say.title, 'heading', 28, INK, 4);
  write('P', number, 'strong', 12, INK_SOFT, 14);
  write('P', say.lead, 'text', 11, INK, 14);
  const count = (value: number) => value.toLocaleString(say.tag);
  const rows = Object.values(said.tables).reduce((sum, each) => sum + each, 0);
  fact(say.platform, said.instanceId);
  fact(say.when, `${say.instant(said.begunAt)} – ${say.instant(said.endedAt ?? said.begunAt)}`);
  fact(say.gone, say.counts(count(rows), count(said.files), count(said.bytes), count(said.backups)));
  fact(say.left, say.counts(count(said.left.rows), count(said.left.files), '0', count(said.left.backups)));
  write('H2', say.keptTitle, 'heading', 16, INK, 4);
  for (const each of said.kept) write('P', say.kept(each), 'text', 10, INK, 4);
  doc.y += 8;
  write('H2', say.proofTitle, 'heading', 16, INK, 4);
  write('P', say.proof, 'text', 10, INK, 8);
  for (const [label, value] of [
    ['SHA-256', digest],
    [say.signature, signature],
    [say.key, publicKey],
  ] as const) {
    write('P', label, 'text', 9, INK_SOFT, 0);
    write('P', value, 'text', 9, INK, 5);
  }
  root.end();
  return end();
}

type Kept = Statement['kept'][number];

interface Words {
  tag: string;
  title: string;
  lead: string;
  platform: string;
  when: string;
  gone: string;
  left: string;
  keptTitle: string;
  proofTitle: string;
  proof: string;
  signature: string;
  key: string;
  instant(text: string): string;
  counts(rows: string, files: string, bytes: string, backups: string): string;
  kept(kept: Kept): string;
}

const instantIn = (tag: string) => (text: string) =>
  `${new Date(text).toLocaleString(tag, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' })} (UTC)`;

/** The statement's words, which are English, for French readers. */
const french: Record<string, Pick<Kept, 'what' | 'why'>> = {
  'orders, subscriptions and invoices': {
    what: 'Commandes, abonnements et factures',
    why: 'Code de commerce, L123-22',
  },
  'the house’s log of acts, by identifiers': {
    what: 'Le journal de nos actes, par identifiants',
    why: 'preuve de ce qui a été fait',
  },
  'mails from the house to accounts of the organisation': {
    what: 'Les e-mails de Préau aux comptes de l’organisation',
    why: 'preuve de ce qui a été annoncé',
  },
  'accounts of the organisation on the hub': {
    what: 'Les comptes de l’organisation chez Préau',
    why: 'ils peuvent avoir d’autres plateformes',
  },
  'sealed copies of the whole server': {
    what: 'Les copies chiffrées de l’ensemble du serveur',
    why: 'reprise après la perte du serveur ; rien de la plateforme n’en est rétabli',
  },
};
const frenchUntil: Record<string, string> = {
  'ten years': 'dix ans',
  'for good, names nobody': 'sans limite, ne nomme personne',
  'three months': 'trois mois',
  'with the account': 'avec le compte',
};

const words: Record<Locale, Words> = {
  fr: {
    tag: 'fr-FR',
    title: 'Certificat de suppression',
    lead: 'Préau certifie avoir supprimé la plateforme ci-dessous avec toutes les données qu’elle contenait. Ce certificat ne nomme personne.',
    platform: 'Identifiant de la plateforme',
    when: 'Suppression',
    gone: 'Supprimé',
    left: 'Retrouvé ensuite',
    keptTitle: 'Ce qui reste ailleurs, et pourquoi',
    proofTitle: 'Vérifier ce certificat',
    proof:
      'La déclaration signée se télécharge à côté de ce document. La signature (Ed25519) porte sur ses octets ; son empreinte est dans notre journal.',
    signature: 'Signature',
    key: 'Clé publique',
    instant: instantIn('fr-FR'),
    counts: (rows, files, bytes, backups) =>
      `Lignes : ${rows} · fichiers : ${files} (${bytes} octets) · sauvegardes : ${backups}`,
    kept({ what, why, until }) {
      const known = french[what] ?? { what, why };
      return `${known.what} (${known.why}) : ${frenchUntil[until] ?? until.replace('days', 'jours')}`;
    },
  },
  en: {
    tag: 'en-GB',
    title: 'Certificate of deletion',
    lead: 'Préau certifies that the platform below was deleted, with all data that it held. This certificate names nobody.',
    platform: 'Identifier of the platform',
    when: 'Deletion',
    gone: 'Deleted',
    left: 'Found afterwards',
    keptTitle: 'What stays elsewhere, and why',
    proofTitle: 'Verify this certificate',
    proof:
      'The signed statement can be downloaded beside this document. The signature (Ed25519) is over its bytes; its digest is in our log.',
    signature: 'Signature',
    key: 'Public key',
    instant: instantIn('en-GB'),
    counts: (rows, files, bytes, backups) =>
      `Rows: ${rows} · files: ${files} (${bytes} bytes) · backups: ${backups}`,
    kept: ({ what, why, until }) => `${what.slice(0, 1).toUpperCase()}${what.slice(1)} (${why}): ${until}`,
  },
};
