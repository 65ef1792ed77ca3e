import { z } from 'zod';
import type { Locale } from './primitives.ts';

interface Entry {
  status: number;
  fr: string;
  en: string;
}

/**
 * Every refusal the API knows (RFC 9457). `{name}` is filled from the problem's parameters.
 * The type is part of the API: it is never renamed.
 */
export const problems = {
  'invalid-request': {
    status: 422,
    fr: 'Certaines informations sont à corriger. Elles sont signalées ci-dessous.',
    en: 'Some information needs correcting. It is marked below.',
  },
  'malformed-request': {
    status: 400,
    fr: 'La demande est illisible. Rechargez la page et recommencez.',
    en: 'The request cannot be read. Reload the page and try again.',
  },
  'payload-too-large': {
    status: 413,
    fr: 'Le contenu dépasse la taille permise ({limit}). Réduisez-le et recommencez.',
    en: 'The content exceeds the permitted size ({limit}). Make it smaller and try again.',
  },
  'unsupported-media': {
    status: 415,
    fr: 'Ce format de fichier n’est pas accepté. Formats acceptés : {accepted}.',
    en: 'This file format is not accepted. Accepted formats: {accepted}.',
  },
  'file-mismatch': {
    status: 415,
    fr: '« {name} » contient en réalité un fichier {actual}. Vérifiez que c’est le bon fichier, et donnez-lui la bonne extension.',
    en: '“{name}” really contains a {actual} file. Check that it is the right file, and give it the right ending.',
  },
  'file-broken': {
    status: 422,
    fr: 'Ce fichier est endommagé ou illisible. Ouvrez-le sur votre appareil pour le vérifier, puis envoyez-le de nouveau.',
    en: 'This file is damaged or cannot be read. Open it on your device to check it, then send it again.',
  },
  'file-infected': {
    status: 422,
    fr: 'L’antivirus a trouvé « {threat} » dans ce fichier. Il a été mis à l’écart et personne ne peut l’ouvrir. Analysez votre appareil, puis envoyez une copie saine.',
    en: 'The virus scanner found “{threat}” in this file. It has been set aside and nobody can open it. Scan your device, then send a clean copy.',
  },
  'scan-pending': {
    status: 503,
    fr: 'Ce fichier est en cours d’analyse antivirus. Rien n’est perdu : il sera disponible dès qu’elle sera terminée.',
    en: 'The virus scanner is still looking at this file. Nothing is lost: it will be there as soon as that is done.',
  },
  'storage-full': {
    status: 409,
    fr: 'Il reste {left} sur les {limit} de votre offre : ce fichier n’y tient pas. L’administrateur de la plateforme peut ajouter de l’espace.',
    en: '{left} of your plan’s {limit} are left: this file does not fit. The platform’s administrator can add space.',
  },
  'upload-incomplete': {
    status: 409,
    fr: 'Le fichier n’est pas encore arrivé en entier. Reprenez son envoi.',
    en: 'The file has not arrived completely yet. Resume sending it.',
  },
  'not-authenticated': {
    status: 401,
    fr: 'Connectez-vous pour continuer.',
    en: 'Sign in to continue.',
  },
  'wrong-credentials': {
    status: 401,
    fr: 'L’adresse ou le mot de passe ne correspond pas. Vérifiez-les, ou demandez un nouveau mot de passe.',
    en: 'The address or the password does not match. Check them, or ask for a new password.',
  },
  'wrong-code': {
    status: 401,
    fr: 'Ce code n’est pas valable. Saisissez celui que votre application affiche maintenant, ou un code de secours qui n’a pas encore servi.',
    en: 'This code is not valid. Enter the one your app shows now, or a recovery code that has not been used yet.',
  },
  'passkey-refused': {
    status: 401,
    fr: 'Cette clé d’accès n’a pas été reconnue. Recommencez, ou choisissez un autre moyen.',
    en: 'This passkey was not recognised. Try again, or choose another way.',
  },
  'too-many-attempts': {
    status: 429,
    fr: 'Trop d’essais. Réessayez dans {seconds} secondes, ou demandez un lien par e-mail : il fonctionne toujours.',
    en: 'Too many attempts. Try again in {seconds} seconds, or ask for a link by mail: it always works.',
  },
  'confirmation-needed': {
    status: 403,
    fr: 'Confirmez d’abord que c’est bien vous.',
    en: 'Confirm first that it is you.',
  },
  'second-factor-needed': {
    status: 403,
    fr: 'Un second facteur est exigé ici. Ajoutez une clé d’accès ou une application d’authentification à votre compte.',
    en: 'A second factor is required here. Add a passkey or an authenticator app to your account.',
  },
  'last-factor': {
    status: 409,
    fr: 'C’est votre dernier second facteur, et il est exigé. Ajoutez-en un autre avant de retirer celui-ci.',
    en: 'This is your last second factor, and one is required. Add another before you remove this one.',
  },
  'not-verified': {
    status: 403,
    fr: 'Votre adresse n’est pas encore confirmée. Ouvrez le message que nous vous avons envoyé.',
    en: 'Your address is not confirmed yet. Open the message we sent you.',
  },
  forbidden: {
    status: 403,
    fr: 'Votre rôle ne permet pas cette action. Adressez-vous à un administrateur.',
    en: 'Your role does not allow this action. Ask an administrator.',
  },
  'support-scope': {
    status: 403,
    fr: 'L’accès du support accordé ne couvre pas cette action. Demandez à l’administrateur un accès plus large.',
    en: 'The support access that was granted does not cover this action. Ask the administrator for a wider one.',
  },
  'not-found': {
    status: 404,
    fr: 'Cette page ou cet élément n’existe pas, ou vous n’y avez pas accès.',
    en: 'This page or item does not exist, or you have no access to it.',
  },
  'method-not-allowed': {
    status: 405,
    fr: 'Cette action n’existe pas à cette adresse.',
    en: 'This action does not exist at this address.',
  },
  conflict: {
    status: 409,
    fr: 'L’élément a changé entre-temps. Rechargez la page et recommencez.',
    en: 'The item has changed in the meantime. Reload the page and try again.',
  },
  'rate-limited': {
    status: 429,
    fr: 'Trop de demandes. Réessayez dans {seconds} secondes.',
    en: 'Too many requests. Try again in {seconds} seconds.',
  },
  'internal-error': {
    status: 500,
    fr: 'Une erreur s’est produite chez nous. Réessayez ; si elle persiste, citez la référence {reference}.',
    en: 'Something went wrong on our side. Try again; if it persists, quote the reference {reference}.',
  },
  unavailable: {
    status: 503,
    fr: 'Le service est momentanément indisponible. Réessayez dans quelques instants.',
    en: 'The service is unavailable for a moment. Try again shortly.',
  },
  'token-invalid': {
    status: 410,
    fr: 'Ce lien n’est plus valable. Demandez-en un nouveau.',
    en: 'This link is no longer valid. Ask for a new one.',
  },
  'password-too-weak': {
    status: 422,
    fr: 'Ce mot de passe est trop facile à deviner. Choisissez au moins 12 caractères, autre chose qu’un mot de passe courant, votre nom ou celui de votre organisation.',
    en: 'This password is too easy to guess. Choose at least 12 characters, other than a common password, your name or your organisation’s.',
  },
  'subdomain-taken': {
    status: 409,
    fr: 'Le sous-domaine « {slug} » est déjà pris. Essayez « {suggestion} ».',
    en: 'The subdomain “{slug}” is already taken. Try “{suggestion}”.',
  },
  'subdomain-refused': {
    status: 422,
    fr: 'Le sous-domaine « {slug} » ne peut pas être utilisé. Choisissez 3 à 40 lettres minuscules, chiffres ou traits d’union.',
    en: 'The subdomain “{slug}” cannot be used. Choose 3 to 40 lower-case letters, digits or hyphens.',
  },
  'already-exists': {
    status: 409,
    fr: '« {name} » existe déjà. Choisissez un autre nom.',
    en: '“{name}” already exists. Choose another name.',
  },
  'order-not-payable': {
    status: 409,
    fr: 'Cette commande ne peut plus être payée. Recommencez depuis le choix de l’offre.',
    en: 'This order can no longer be paid. Start again from the choice of plan.',
  },
  'operation-open': {
    status: 409,
    fr: 'Une opération est déjà en cours sur cette plateforme. Attendez qu’elle se termine.',
    en: 'An operation is already under way on this platform. Wait until it ends.',
  },
  'state-forbids': {
    status: 409,
    fr: 'L’état actuel ne permet pas cette action.',
    en: 'The current state does not allow this action.',
  },
  'last-owner': {
    status: 409,
    fr: 'Il doit rester au moins une personne responsable. Donnez d’abord ce rôle à quelqu’un d’autre.',
    en: 'At least one person in charge must remain. Give this role to somebody else first.',
  },
  'activity-locked': {
    status: 403,
    fr: 'Cette activité n’est pas encore ouverte. {reason}',
    en: 'This activity is not open yet. {reason}',
  },
  'not-enrolled': {
    status: 403,
    fr: 'Inscrivez-vous à cette formation pour y accéder.',
    en: 'Enrol in this course to access it.',
  },
  'enrolment-closed': {
    status: 403,
    fr: 'L’inscription libre n’est pas ouverte pour cette formation. Adressez-vous à votre formateur.',
    en: 'Self-enrolment is not open for this course. Ask your trainer.',
  },
  'attempts-exhausted': {
    status: 409,
    fr: 'Vous avez utilisé toutes vos tentatives. Votre formateur peut en accorder une autre.',
    en: 'You have used all your attempts. Your trainer can grant another one.',
  },
  'attempt-closed': {
    status: 409,
    fr: 'Cette tentative est terminée : elle n’accepte plus de réponses.',
    en: 'This attempt is finished: it accepts no more answers.',
  },
  'nothing-to-publish': {
    status: 409,
    fr: 'Ajoutez au moins un module et une activité avant de publier.',
    en: 'Add at least one module and one activity before publishing.',
  },
  'version-frozen': {
    status: 409,
    fr: 'Une version publiée ne se modifie plus. Modifiez le brouillon, puis publiez-le.',
    en: 'A published version can no longer be changed. Edit the draft, then publish it.',
  },
  'registration-closed': {
    status: 403,
    fr: 'L’inscription se fait sur invitation. Demandez-en une à votre organisme.',
    en: 'Registration is by invitation. Ask your organisation for one.',
  },
  'read-only': {
    status: 403,
    fr: 'La plateforme est en lecture seule pour le moment. Son administrateur en a été informé.',
    en: 'The platform is read-only for now. Its administrator has been told.',
  },
  'import-refused': {
    status: 422,
    fr: 'Ce fichier ne peut pas être importé. {reason}',
    en: 'This file cannot be imported. {reason}',
  },
  'limit-reached': {
    status: 409,
    fr: 'La limite de votre offre est atteinte ({limit}). Changez d’offre ou libérez de la place.',
    en: 'Your plan’s limit is reached ({limit}). Change plan or make room.',
  },
} as const satisfies Record<string, Entry>;

export type ProblemType = keyof typeof problems;
const problemTypes = Object.keys(problems) as [ProblemType, ...ProblemType[]];

/** One field that was refused: its dotted path in the request and what to do, in the caller's language. */
export const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** RFC 9457 problem details; `type` is `urn:preau:problem:<name>`. */
export const problemDetails = z.object({
  type: z.string(),
  name: z.enum(problemTypes),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** What to quote to support: the request id. */
  reference: z.string(),
  errors: z.array(fieldError).optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type ProblemDetails = z.infer<typeof problemDetails>;

export type ProblemParams = Record<string, string | number>;

/** The text of a problem in a language, its parameters filled in. */
export function problemText(name: ProblemType, locale: Locale, params: ProblemParams = {}): string {
  return problems[name][locale].replace(/\{(\w+)\}/g, (_, key: string) => String(params[key] ?? ''));
}
