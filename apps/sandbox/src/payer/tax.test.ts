import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSiren, readVatNumber, taxRuleFor } from './tax.ts';

test('reads a SIREN with its check digit, however it is grouped', () => {
  for (const good of ['552100554', '552 100 554', '732 829 320'])
    assert.equal(readSiren(good), good.replaceAll(' ', ''));
  for (const bad of ['552100555', '55210055', '5521005540', 'abcdefghi', '٥٥٢١٠٠٥٥٤'])
    assert.equal(readSiren(bad), undefined, bad);
});

test('reads a VAT number of the chosen country only', () => {
  for (const [text, country] of [
    ['FR 96 552 100 554', 'FR'],
    ['BE 0403.170.701', 'BE'],
    ['LU15027442', 'LU'],
    ['IT00743110157', 'IT'],
    ['DE 136 695 976', 'DE'],
    ['EL094014201', 'GR'],
    ['NL004495445B01', 'NL'],
    ['fr96552100554', 'FR'],
  ] as const)
    assert.equal(readVatNumber(text, country), text.replaceAll(/[ .]/g, '').toUpperCase());
  for (const [text, country] of [
    ['FR99552100554', 'FR'],
    ['BE0403170702', 'BE'],
    ['LU15027443', 'LU'],
    ['IT00743110158', 'IT'],
    ['DE136695976', 'FR'],
    ['GR094014201', 'GR'],
    ['GB123456789', 'GB'],
    ['', 'FR'],
    ['FR', 'FR'],
  ] as const)
    assert.equal(readVatNumber(text, country), undefined, text);
});

test('charges French VAT, reverse charge, or none', () => {
  const kind = (country: string, vatNumber: string | null) => taxRuleFor({ country, vatNumber }).kind;
  assert.equal(kind('FR', null), 'french');
  assert.equal(kind('FR', 'FR96552100554'), 'french');
  assert.equal(kind('DE', null), 'french');
  assert.equal(kind('DE', 'DE136695976'), 'reverse-charge');
  assert.equal(kind('CH', null), 'outside');
  assert.equal(taxRuleFor({ country: 'FR', vatNumber: null }).basisPoints, 2000);
});
