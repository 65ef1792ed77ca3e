import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnrolmentRow } from '@preau/contract/tenant/enrolments';
import { enrolmentsCsv } from './csv.ts';

const row: EnrolmentRow = {
  id: '0',
  user: { id: '0', name: 'Zoé "Z" Œuf; fils', email: 'zoe@exemple.test' },
  version: 2,
  state: 'active',
  source: 'self',
  percent: 50,
  currentActivity: null,
  bestQuizPercent: 66.67,
  timeSpentSeconds: 600,
  enrolledAt: '2026-11-24T11:00:00Z',
  lastSeenAt: null,
  completedAt: null,
};

test('opens in French spreadsheets as it is', () => {
  const [head, line, end] = enrolmentsCsv([row], 'fr').split('\r\n');
  assert.ok(head?.startsWith('\ufeff"Nom";"Adresse"'));
  assert.equal(
    line,
    '"Zoé ""Z"" Œuf; fils";"zoe@exemple.test";"En cours";"50";"";"66,67";"10";"24/11/2026 12:00";"";"";"2"',
  );
  assert.equal(end, '');
  assert.match(enrolmentsCsv([row], 'en'), /"66\.67","10"/);
});

test('never lets a name become a formula', () => {
  for (const name of ['=HYPERLINK("x")', '+33', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1']) {
    const csv = enrolmentsCsv([{ ...row, user: { ...row.user, name } }], 'fr');
    const cell = csv.slice(csv.indexOf('\r\n') + 2);
    assert.ok(cell.startsWith(`"'`), name);
  }
});
