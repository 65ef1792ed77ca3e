import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFrom } from './link.ts';

test('what is typed becomes the address that was meant, and nothing that runs', () => {
  for (const [typed, url] of [
    ['https://exemple.fr/page', 'https://exemple.fr/page'],
    ['exemple.fr', 'https://exemple.fr'],
    ['www.école.fr/cours?x=1', 'https://www.école.fr/cours?x=1'],
    ['claire@exemple.fr', 'mailto:claire@exemple.fr'],
    ['tel:+33102030405', 'tel:+33102030405'],
    ['/courses/accueil', '/courses/accueil'],
    ['#suite', '#suite'],
    ['//ailleurs.fr', null],
    ['javascript:alert(1)', null],
    ['java\tscript:alert(1)', null],
    ['data:text/html,x', null],
    ['bonjour', null],
    ['https://', null],
    ['', null],
  ] as const)
    assert.equal(linkFrom(typed), url, typed);
});
