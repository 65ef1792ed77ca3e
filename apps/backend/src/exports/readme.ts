import type { Locale } from '@preau/contract';

interface Facts {
  platform: string;
  /** RFC 3339. */
  at: string;
}

/** What the files are and how to read them, for whoever opens the archive in ten years. */
export function readme(locale: Locale, { platform, at }: Facts): string {
  return locale === 'fr' ? french(platform, at) : english(platform, at);
}

const french = (platform: string, at: string) => `# Export de « ${platform} »

Fait par Préau le ${at}. Tout est en formats ouverts : aucun logiciel de Préau n’est nécessaire pour le lire.

| Dossier | Contenu |
|---|---|
| \`courses/\` | une formation par dossier, dans sa version publiée (à défaut, son brouillon) |
| \`drafts/\` | les brouillons qui ont changé depuis la publication |
| \`data/\` | personnes, inscriptions, avancement, essais, réponses et certificats : chaque table en CSV et en JSON |
| \`data/schema.json\` | ce que veut dire chaque champ (JSON Schema 2020-12) |
| \`data/journal.jsonl\` | le journal de la plateforme, avec ses empreintes |
| \`data/settings.json\` | les réglages et les rôles |
| \`certificates/\` | les certificats en PDF |
| \`packages/\` | les modules web, tels qu’ils ont été envoyés |
| \`uploads/\` | les autres fichiers |

Dans une formation, chaque module est un dossier, chaque leçon un fichier Markdown (GFM, encadrés \`:::\`), chaque quiz un fichier GIFT que lisent Moodle et d’autres. \`course.json\` contient tout le reste : règles, barèmes, textes d’origine. Pour reprendre une formation dans Préau, compressez son dossier en zip et importez-le depuis le studio.

Les CSV s’ouvrent dans un tableur en français (point-virgule, UTF-8). Une apostrophe devant \`=\`, \`+\`, \`-\` ou \`@\` empêche le tableur d’y voir une formule. Les mots de passe et les clés n’y figurent pas.

Ce fichier contient des données personnelles : gardez-le en lieu sûr, et supprimez-le quand il ne sert plus.
`;

const english = (platform: string, at: string) => `# Export of “${platform}”

Made by Préau on ${at}. Everything is in open formats: no software of Préau is needed to read it.

| Folder | Content |
|---|---|
| \`courses/\` | one course a folder, in its published version (where there is none, its draft) |
| \`drafts/\` | drafts that have changed since they were published |
| \`data/\` | people, enrolments, progress, attempts, answers and certificates: each table as CSV and as JSON |
| \`data/schema.json\` | what each field means (JSON Schema 2020-12) |
| \`data/journal.jsonl\` | the platform’s journal, with its hashes |
| \`data/settings.json\` | settings and roles |
| \`certificates/\` | certificates as PDF |
| \`packages/\` | web modules as they were sent |
| \`uploads/\` | all other files |

In a course each module is a folder, each lesson a Markdown file (GFM, \`:::\` for callouts), each quiz a GIFT file that Moodle and others read. \`course.json\` holds all the rest: rules, points, original texts. To take a course back into Préau, zip its folder and import it from the studio.

CSV files open in a spreadsheet (comma, UTF-8). An apostrophe before \`=\`, \`+\`, \`-\` or \`@\` keeps a spreadsheet from seeing a formula. Passwords and keys are not in it.

This file holds personal data: keep it safe, and delete it when it has served.
`;
