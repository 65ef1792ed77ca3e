import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, trusted } from './html.ts';

test('a value is escaped wherever it stands', () => {
  const name = `<img src=x onerror="alert('1')">&`;
  assert.equal(
    html`<a title="${name}">${name}</a>`.html,
    '<a title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</a>',
  );
});

test('templates nest, and nothing is nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  assert.equal(
    html`<ul>${items}${null}${false}${undefined}${0}</ul>`.html,
    '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
  );
  assert.equal(html`${trusted('<hr>')}`.html, '<hr>');
});
