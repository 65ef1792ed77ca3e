import type { Locale } from '@preau/contract';
import type { Note } from '@preau/elearning/note';
import type { PackageFault } from '@preau/elearning/zip';

/** Why a file was refused, or its import given up. `{file}` is the file in question. */
export type Fault = PackageFault | 'target.gone' | 'read-only' | 'storage-full' | 'internal';

type Words = Record<Locale, string>;

const faults: Record<Fault, Words> = {
  'zip.unreadable': {
    fr: 'Ce n’est pas une archive ZIP, ou elle est incomplète. Recréez-la et recommencez.',
    en: 'This is not a ZIP archive, or it is incomplete. Create it again and retry.',
  },
  'zip.damaged': {
    fr: 'L’archive est abîmée {file}. Recréez-la et recommencez.',
    en: 'The archive is damaged {file}. Create it again and retry.',
  },
  'zip.encrypted': {
    fr: 'L’archive est protégée par un mot de passe. Recréez-la sans mot de passe.',
    en: 'The archive is protected by a password. Create it again without one.',
  },
  'zip.unsupported': {
    fr: 'Cette variante de ZIP n’est pas reconnue {file}. Recréez l’archive avec les réglages habituels.',
    en: 'This kind of ZIP is not supported {file}. Create the archive with the usual settings.',
  },
  'zip.entries': {
    fr: 'L’archive contient plus de 5 000 fichiers. Retirez ceux qui ne servent pas au cours.',
    en: 'The archive holds more than 5,000 files. Remove those the course does not use.',
  },
  'zip.tooLarge': {
    fr: 'Le contenu de l’archive est trop volumineux {file} : 100 Mo au plus par fichier, 500 Mo en tout.',
    en: 'The contents of the archive are too large {file}: at most 100 MB for a file and 500 MB altogether.',
  },
  'zip.bomb': {
    fr: 'Le contenu de l’archive est anormalement compressé {file}. Recréez-la avec les réglages habituels.',
    en: 'The contents of the archive are compressed abnormally {file}. Create it with the usual settings.',
  },
  'zip.path': {
    fr: 'L’archive contient un chemin de fichier qui n’est pas permis {file}.',
    en: 'The archive contains a file path that is not allowed {file}.',
  },
  'zip.symlink': {
    fr: 'L’archive contient un lien vers un autre fichier {file}. Mettez-y le fichier lui-même.',
    en: 'The archive contains a link to another file {file}. Put the file itself in it.',
  },
  'package.empty': {
    fr: 'L’archive ne contient aucun fichier Markdown (.md).',
    en: 'The archive holds no Markdown file (.md).',
  },
  'package.unreadable': {
    fr: 'Aucun fichier Markdown n’est lisible {file} : un texte UTF-8 de 2 Mo au plus est attendu.',
    en: 'No Markdown file can be read {file}: a UTF-8 text of at most 2 MB is expected.',
  },
  'package.tooComplex': {
    fr: 'Ce contenu est trop complexe pour être lu. Partagez-le en plusieurs fichiers.',
    en: 'These contents are too complex to be read. Split them into several files.',
  },
  'package.program': {
    fr: 'L’archive contient un programme {file}. Retirez-le : il n’a pas sa place dans des pages web.',
    en: 'The archive holds a program {file}. Remove it: it has no place among web pages.',
  },
  'gift.empty': {
    fr: 'Le fichier ne contient aucune question au format GIFT.',
    en: 'The file holds no question in the GIFT format.',
  },
  'gift.tooLarge': {
    fr: 'Le fichier de questions dépasse 5 Mo. Partagez-le en plusieurs.',
    en: 'The file of questions exceeds 5 MB. Split it.',
  },
  'gift.unreadable': {
    fr: 'Le fichier n’est pas un texte. Enregistrez-le en UTF-8.',
    en: 'The file is not a text. Save it as UTF-8.',
  },
  'target.gone': {
    fr: 'Le quiz ou le module choisi n’existe plus.',
    en: 'The chosen quiz or module no longer exists.',
  },
  'read-only': {
    fr: 'La plateforme est en lecture seule pour le moment.',
    en: 'The platform is read-only for now.',
  },
  'storage-full': {
    fr: 'Les fichiers de ce cours ne tiennent pas dans l’espace de votre offre. L’administrateur peut ajouter de l’espace.',
    en: 'The files of this course do not fit into your plan’s space. The administrator can add space.',
  },
  internal: {
    fr: 'Une erreur s’est produite chez nous. Recommencez ; si elle persiste, écrivez-nous.',
    en: 'Something went wrong on our side. Try again; if it persists, write to us.',
  },
};

const notes: Record<Note['what'], Words> = {
  html: {
    fr: 'Balise HTML non reprise ; son texte est conservé.',
    en: 'HTML tag left out; its text was kept.',
  },
  'html.active': {
    fr: 'Contenu HTML actif ou image externe retirés.',
    en: 'Active HTML content or external picture removed.',
  },
  'block.unknown': {
    fr: 'Type d’encadré inconnu ; repris comme une note.',
    en: 'Unknown kind of box; kept as a note.',
  },
  'block.unclosed': { fr: 'Encadré jamais refermé.', en: 'Box that is never closed.' },
  'block.unopened': {
    fr: 'Fin d’encadré sans début ; ignorée.',
    en: 'End of a box without a beginning; ignored.',
  },
  'block.instructor': {
    fr: 'Note pour le formateur ; non montrée aux apprenants.',
    en: 'Note for the trainer; not shown to learners.',
  },
  'link.unsafe': {
    fr: 'Adresse de lien non permise ; le texte est conservé.',
    en: 'Link address not allowed; the text was kept.',
  },
  'link.broken': {
    fr: 'Lien vers un contenu qui n’est pas repris ; le texte est conservé.',
    en: 'Link to something that was not imported; the text was kept.',
  },
  'image.missing': {
    fr: 'Image absente de l’archive ; son texte de remplacement est conservé.',
    en: 'Picture missing from the archive; its alternative text was kept.',
  },
  'image.remote': {
    fr: 'Image d’un autre site ; remplacée par un lien.',
    en: 'Picture on another site; replaced by a link.',
  },
  'image.broken': {
    fr: 'Image illisible ; son texte de remplacement est conservé.',
    en: 'Picture that cannot be read; its alternative text was kept.',
  },
  footnote: { fr: 'Note de bas de page placée entre parenthèses.', en: 'Footnote put in brackets.' },
  frontMatter: { fr: 'En-tête YAML illisible ; ignoré.', en: 'YAML header that cannot be read; ignored.' },
  'file.skipped': { fr: 'Fichier non utilisé par le cours.', en: 'File not used by the course.' },
  'file.unreadable': {
    fr: 'Fichier illisible : un texte UTF-8 de 2 Mo au plus est attendu.',
    en: 'File that cannot be read: a UTF-8 text of at most 2 MB is expected.',
  },
  'episode.missing': {
    fr: 'Épisode annoncé par la configuration, absent de l’archive.',
    en: 'Episode named by the configuration, missing from the archive.',
  },
  'question.essay': {
    fr: 'Question à réponse libre (composition) : ce type n’existe pas encore ici ; question non importée.',
    en: 'Essay question: this kind does not exist here yet; question not imported.',
  },
  'question.matching': {
    fr: 'Question d’appariement : ce type n’existe pas encore ici ; question non importée.',
    en: 'Matching question: this kind does not exist here yet; question not imported.',
  },
  'question.description': {
    fr: 'Texte sans question : un quiz n’en contient pas ici. Reprenez-le dans une leçon.',
    en: 'Text without a question: a quiz holds none here. Put it in a lesson.',
  },
  'question.gap': {
    fr: 'Texte à trou : importé, le trou est marqué par des tirets bas.',
    en: 'Missing word: imported, underscores mark the gap.',
  },
  'question.unsupported': {
    fr: 'Type de question non géré pour le moment ; question non importée.',
    en: 'Kind of question not supported yet; question not imported.',
  },
  'question.invalid': {
    fr: 'Question incomplète ou incohérente ; non importée.',
    en: 'Incomplete or inconsistent question; not imported.',
  },
  'question.changed': {
    fr: 'Question importée, sauf cette partie.',
    en: 'Question imported, except this part.',
  },
  'content.refused': {
    fr: 'Leçon trop longue ou trop imbriquée ; créée vide.',
    en: 'Lesson too long or too deeply nested; created empty.',
  },
};

const isFault = (code: string): code is Fault => Object.hasOwn(faults, code);
const isNote = (code: string): code is Note['what'] => Object.hasOwn(notes, code);

/** The sentence for a fault, with the file it concerns in brackets. */
export function faultText(code: string, file: string, locale: Locale): string {
  const quoted = locale === 'fr' ? ` (« ${file} »)` : ` (“${file}”)`;
  return faults[isFault(code) ? code : 'internal'][locale].replace(' {file}', file === '' ? '' : quoted);
}

export const noteText = (code: string, locale: Locale): string => (isNote(code) ? notes[code][locale] : code);

/** The module and quiz that an import makes by itself. */
export const quizTitle: Words = { fr: 'Quiz importé', en: 'Imported quiz' };
