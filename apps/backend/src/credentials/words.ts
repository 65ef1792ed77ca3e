import type { Locale } from '@preau/contract';

interface Words {
  title: string;
  heading: string;
  completed: string;
  verify: string;
  on(date: Date): string;
  duration(minutes: number): string;
  qr(url: string): string;
}

/** What a certificate says, by language. */
export const words: Record<Locale, Words> = {
  fr: {
    title: 'Certificat de réussite',
    heading: 'CERTIFICAT DE RÉUSSITE',
    completed: 'a suivi et terminé avec succès la formation',
    verify: 'Vérifier ce certificat',
    on: (date) => `Délivré le ${day('fr', date)}`,
    duration: (minutes) => `Durée indicative : ${time(minutes)}`,
    qr: (url) => `Code QR menant à la vérification de ce certificat : ${url}`,
  },
  en: {
    title: 'Certificate of completion',
    heading: 'CERTIFICATE OF COMPLETION',
    completed: 'has taken and successfully completed the course',
    verify: 'Verify this certificate',
    on: (date) => `Issued on ${day('en-GB', date)}`,
    duration: (minutes) => `Indicative duration: ${time(minutes)}`,
    qr: (url) => `QR code leading to the verification of this certificate: ${url}`,
  },
};

function day(language: string, date: Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(date);
}

function time(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`;
}
