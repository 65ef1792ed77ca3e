const SIREN = /^\d{9}$/;

/** A French company number: nine digits, the last a check digit (Luhn, ISO/IEC 7812-1). */
export function isSiren(text: string): boolean {
  if (!SIREN.test(text)) return false;
  let sum = 0;
  for (const [at, sign] of [...text].entries()) {
    const digit = Number(sign) * (at % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
