import { expect, it } from 'vitest';
import { listChoices } from './setting-choices.ts';

const words = { ',': 'Comma', ';': 'Semicolon' };

it('offers detection first, with what it found', () => {
  expect(listChoices(words, '', 'comma').map(({ text }) => text)).toEqual(['Automatic: comma', 'Comma', 'Semicolon']);
});

it('does not tell what was found for another setting than the one that is chosen', () => {
  expect(listChoices(words, ';', 'comma')[0]?.text).toBe('Automatic');
});

it('lists what another tool has chosen', () => {
  expect(listChoices(words, '^', undefined).at(-1)).toEqual({ value: '^', text: '^' });
});
