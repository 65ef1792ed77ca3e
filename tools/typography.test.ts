import assert from 'node:assert/strict';
import { test } from 'node:test';
import { french, frenchSource } from './typography.ts';

const seen = (text: string) => text.replaceAll('\u202f', '_').replaceAll('\u00a0', '~');

test('signs keep their space, and no other sign gets one', () => {
  for (const [text, right] of [
    ['Prêt ? Oui ; merci !', 'Prêt_? Oui_; merci_!'],
    ['Attention : « a » et 80 %', 'Attention~: «~a~» et 80~%'],
    ['Prêt\u00a0? Attention\u202f: 12 €', 'Prêt_? Attention~: 12~€'],
    ['Vraiment ?!', 'Vraiment_?!'],
    ['Retirer « {name} » ?', 'Retirer «~{name}~»_?'],
    ['à https://exemple.fr:8080, à 9:30, a;b', 'à https://exemple.fr:8080, à 9:30, a;b'],
  ] as const) {
    assert.equal(seen(french(text)), right);
    assert.equal(french(french(text)), french(text));
  }
});

test('in a source only French literals change, and no expression within them', () => {
  const source = (quoted: string, said: string) => `
    const a = b ? \`${quoted.replace('x', '$' + '{c ? d : e}')}\` : "Is it so ?";
    const sql = 'select a ? b : c';
    const answer = { fr: '${said}', en: 'Answer: 4' };`;
  assert.equal(
    seen(frenchSource('a.ts', source('Où est « x » ?', 'Réponse : 4'))),
    source('Où est «~x~»_?', 'Réponse~: 4'),
  );
});
