import { expect, test } from 'vitest';
import { checkJsonValues } from './json-limit.ts';

const check = (json: string) => checkJsonValues(Buffer.from(json), 5);

test.each([
  '{"ids":["a","b","c"]}',
  '{"a":"[[[[[[,,,,,,{{{{{"}',
  '{"a":"\\"[,[,[,[,\\\\","b":1}',
  '"an open text ,,,,,,',
])('%s has few values', (json) => check(json));

test.each(['{"ids":["a","b","c","d","e"]}', '[[[[[[', '{"a\\\\":[],"b":[],"c":[]}', '{"a":"\\\\",,,,,"'])(
  '%s has too many',
  (json) => {
    expect(() => check(json)).toThrow('at most 5');
  },
);
