import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { API_VERSION, OLDEST_API_VERSION } from './apiVersion.ts';
import { breaks } from './compatibility.ts';
import { openApi } from './openapi.ts';
import { publishedApi } from './published.ts';

const present = openApi('https://api.preau.test');

for (let version = OLDEST_API_VERSION; version <= API_VERSION; version++)
  test(`whoever was written for version ${version} of the API can go on`, () => {
    assert.deepEqual(breaks(JSON.parse(readFileSync(publishedApi(version), 'utf8')), present), []);
  });

const api = () => ({
  paths: {
    '/v1/courses': {
      post: {
        operationId: 'createCourse',
        'x-identity': 'user',
        parameters: [{ name: 'draft', in: 'query', required: false, schema: { type: 'boolean' } }],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  title: { type: 'string', maxLength: 200 },
                  level: { enum: ['easy', 'hard'] },
                  note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
                },
                required: ['title'] as string[],
              },
            },
          },
        },
        responses: {
          201: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    id: { type: 'string' },
                    level: { enum: ['easy', 'hard'] },
                    tree: { $ref: '#/components/schemas/Tree' },
                    state: {
                      oneOf: [
                        { type: 'object', properties: { kind: { const: 'open' } }, required: ['kind'] },
                        {
                          type: 'object',
                          properties: { kind: { const: 'closed' }, at: { type: 'string' } },
                          required: ['kind', 'at'] as string[],
                        },
                      ],
                    },
                  },
                  required: ['id'] as string[],
                },
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Tree: {
        type: 'object',
        properties: {
          leaf: { type: 'string' },
          under: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
        },
        required: ['leaf'] as string[],
      },
    },
  },
});

// biome-ignore lint/suspicious/noExplicitAny: each case damages another part of the document.
type Part = any;
const post = (document: Part): Part => document.paths['/v1/courses'].post;
const body = (document: Part): Part => post(document).requestBody.content['application/json'].schema;
const answer = (document: Part): Part => post(document).responses[201].content['application/json'].schema;

const broken: [string, (document: Part) => void, RegExp][] = [
  [
    'an operation that is gone',
    (d) => delete d.paths['/v1/courses'],
    /createCourse \(POST \/v1\/courses\) is gone/,
  ],
  ['another caller', (d) => (post(d)['x-identity'] = 'staff'), /is for staff now/],
  [
    'a parameter more',
    (d) => post(d).parameters.push({ name: 'by', in: 'query', required: true, schema: {} }),
    /asks for the parameter by/,
  ],
  ['a parameter less', (d) => post(d).parameters.pop(), /parameter draft is not known/],
  ['a field that must be sent', (d) => body(d).required.push('level'), /body\.level is required now/],
  ['a field that is not taken', (d) => delete body(d).properties.note, /body\.note is gone/],
  ['a value that is not taken', (d) => body(d).properties.level.enum.pop(), /level does not take hard/],
  ['a shorter text', (d) => (body(d).properties.title.maxLength = 100), /maxLength is 100 now, was 200/],
  ['a pattern', (d) => (body(d).properties.title.pattern = '^x'), /pattern is \^x now/],
  ['another type', (d) => (body(d).properties.title = { type: 'number' }), /title does not take string/],
  [
    'nothing where it was allowed',
    (d) => (body(d).properties.note = { type: 'string' }),
    /note does not take null/,
  ],
  ['another status', (d) => (post(d).responses = { 200: post(d).responses[201] }), /does not answer 201/],
  ['a field that is not answered', (d) => delete answer(d).properties.id, /answer\.id is gone/],
  ['a field that may be missing', (d) => (answer(d).required = []), /answer\.id may be missing/],
  [
    'a field that may be null',
    (d) => (answer(d).properties.id = { type: ['string', 'null'] }),
    /answer\.id may be null now/,
  ],
  [
    'a field of a kind',
    (d) => answer(d).properties.state.oneOf[1].required.pop(),
    /answer\.state\.at may be missing/,
  ],
  [
    'a field within itself',
    (d) => (d.components.schemas.Tree.required = []),
    /answer\.tree\.leaf may be missing/,
  ],
];
for (const [what, damage, line] of broken)
  test(`found: ${what}`, () => {
    const damaged = api();
    damage(damaged);
    const found = breaks(api(), damaged);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', line);
    assert.match(found[0] ?? '', /OLDEST_API_VERSION/, 'says what to do');
  });

const kept: [string, (document: Part) => void][] = [
  ['an operation more', (d) => (d.paths['/v1/other'] = { get: { ...post(d), operationId: 'other' } })],
  ['a field that may be sent', (d) => (body(d).properties.tag = { type: 'string' })],
  ['a field that need not be sent', (d) => (body(d).required = [])],
  ['a value more', (d) => body(d).properties.level.enum.push('brutal')],
  ['a longer text', (d) => (body(d).properties.title.maxLength = 300)],
  ['a field more in an answer', (d) => (answer(d).properties.more = { type: 'number' })],
  ['a value more in an answer', (d) => answer(d).properties.level.enum.push('brutal')],
  [
    'a kind more in an answer',
    (d) =>
      answer(d).properties.state.oneOf.push({
        type: 'object',
        properties: { kind: { const: 'gone' } },
        required: ['kind'],
      }),
  ],
];
for (const [what, change] of kept)
  test(`not minded: ${what}`, () => {
    const changed = api();
    change(changed);
    assert.deepEqual(breaks(api(), changed), []);
  });
