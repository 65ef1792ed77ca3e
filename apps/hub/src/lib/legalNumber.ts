/** Luhn over nine digits (SIREN, INSEE). */
export function isSiren(text: string): boolean {
  const digits = text.replace(/\s/g, '');
  if (!/^\d{9}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** `malformed` is no VAT number at all; `wrong-key` a French one whose key does not fit its SIREN. */
export function checkVatNumber(text: string): 'ok' | 'malformed' | 'wrong-key' {
  const number = text.replace(/[\s.]/g, '').toUpperCase();
  if (!/^[A-Z]{2}[0-9A-Z+*]{2,13}$/.test(number)) return 'malformed';
  if (!number.startsWith('FR')) return 'ok';
  const [, key, siren] = /^FR([0-9A-Z]{2})(\d{9})$/.exec(number) ?? [];
  if (!key || !siren) return 'malformed';
  // Keys with letters belong to non-resident companies and follow another rule: only the form is checked.
  if (!/^\d{2}$/.test(key)) return 'ok';
  return Number(key) === (12 + 3 * (Number(siren) % 97)) % 97 && isSiren(siren) ? 'ok' : 'wrong-key';
}

/** As people read them: `732 829 320`, `FR 44 732829320`. */
export function groupSiren(siren: string): string {
  return siren.replace(/\s/g, '').replace(/(\d{3})(?=\d)/g, '$1\u00a0');
}
export function groupVatNumber(number: string): string {
  return number.replace(/^([A-Z]{2})([0-9A-Z]{2})(\d{9})$/, '$1\u00a0$2\u00a0$3');
}
