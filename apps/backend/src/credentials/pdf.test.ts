import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runs } from './fonts.ts';
import { type Certificate, certificatePdf } from './pdf.ts';

const certificate: Certificate = {
  locale: 'fr',
  holderName: 'Héloïse Lefèbvre-Œuvrard',
  courseTitle: 'Accueillir un nouvel apprenant',
  durationMinutes: 45,
  issuedAt: new Date('2026-11-24T12:00:00Z'),
  code: '7QK4-M2XD-9HVA',
  verificationUrl: 'https://demo.example/verify/7QK4-M2XD-9HVA',
  issuer: {
    name: 'Atelier',
    colour: '#176a4e',
    logo: null,
    wording: 'À distance.',
    signatory: 'Claire Martin',
  },
};

test('a certificate is one tagged page in its language, with its fonts inside', async () => {
  const bytes = (await certificatePdf(certificate)).toString('latin1');
  assert.match(bytes, /^%PDF-1\.7/);
  assert.match(bytes, /\/Marked true/);
  assert.match(bytes, /\/Lang \(fr\)/);
  assert.match(bytes, /\/StructTreeRoot/);
  assert.match(bytes, /\/FontFile[23]/);
  assert.match(bytes, /\/Alt \(/);
  assert.equal(bytes.match(/\/Type \/Page\b/g)?.length, 1);
});

test('names in other alphabets, endless names and colours that are too pale are still drawn', async () => {
  const hostile = [
    'Владимир',
    'Αλέξανδρος',
    'Nguyễn Łukasz',
    '田中さん',
    '😀'.repeat(40),
    'x'.repeat(500),
    ' ',
  ];
  for (const holderName of hostile) {
    const issuer = { ...certificate.issuer, colour: '#ffffff', wording: holderName.repeat(5) };
    const bytes = await certificatePdf({
      ...certificate,
      locale: 'en',
      holderName,
      courseTitle: holderName,
      issuer,
    });
    assert.ok(bytes.length > 5000);
  }
});

test('each letter is drawn by a font that has it', () => {
  assert.deepEqual(runs('Ana Łuk Иван', 'text'), [
    { font: 'text-0', text: 'Ana ' },
    { font: 'text-1', text: 'Ł' },
    { font: 'text-0', text: 'uk ' },
    { font: 'text-3', text: 'Иван' },
  ]);
});
