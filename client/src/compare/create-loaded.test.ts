import { createRoot, createSignal } from 'solid-js';
import { expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import type { Gateway } from '../api/gateway.ts';
import { createLoaded } from './create-loaded.ts';

const gateway = {} as Gateway;

/** Loadings by their names, each of which ends when the test says so. */
function makeServer() {
  const calls = new Map<
    string,
    { answer: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }
  >();
  const load = (name: string) => (loading: { signal: AbortSignal; onLoaded: (count: number) => void }) => {
    loading.onLoaded(1);
    return new Promise<string>((answer, fail) => calls.set(name, { answer, fail, signal: loading.signal }));
  };
  const callOf = (name: string) => {
    const call = calls.get(name);
    if (call === undefined) throw new Error(`${name} was not asked`);
    return call;
  };
  return { load, callOf };
}

it('only the newest loading is heard, and those before it are ended', async () => {
  const { load, callOf } = makeServer();
  await createRoot(async (dispose) => {
    const [name, setName] = createSignal<string | undefined>('a');
    const loaded = createLoaded(gateway, () => {
      const wanted = name();
      return wanted === undefined ? undefined : load(wanted);
    });
    await eventually(() => expect(loaded.isLoading()).toBe(true));
    setName('b');
    expect(callOf('a').signal.aborted).toBe(true);
    callOf('b').answer('value of b');
    await eventually(() => expect(loaded.value()).toBe('value of b'));
    callOf('a').answer('value of a');
    callOf('a').fail(new Error('late'));
    setName(undefined);
    expect([loaded.value(), loaded.isLoading(), loaded.error()]).toEqual([undefined, false, '']);
    dispose();
  });
});

it('a value stays until the next of the same subject, and goes with its subject', async () => {
  const { load, callOf } = makeServer();
  await createRoot(async (dispose) => {
    const [subject, setSubject] = createSignal('result');
    const [search, setSearch] = createSignal('');
    const loaded = createLoaded(gateway, () => load(`${subject()}/${search()}`), subject);
    await eventually(() => callOf('result/'));
    callOf('result/').answer('all');
    await eventually(() => expect(loaded.value()).toBe('all'));
    setSearch('x');
    expect([loaded.value(), loaded.isLoading()]).toEqual(['all', true]);
    callOf('result/x').answer('some');
    await eventually(() => expect(loaded.value()).toBe('some'));
    setSubject('other');
    expect(loaded.value()).toBeUndefined();
    dispose();
  });
});

it('an error is told, and what failed can be loaded again', async () => {
  const { load, callOf } = makeServer();
  await createRoot(async (dispose) => {
    const loaded = createLoaded(gateway, () => load('a'));
    await eventually(() => callOf('a'));
    callOf('a').fail(new Error('down'));
    await eventually(() => expect(loaded.error()).not.toBe(''));
    expect(loaded.isLoading()).toBe(false);
    const failed = callOf('a');
    loaded.again();
    expect(loaded.error()).toBe('');
    expect(callOf('a')).not.toBe(failed);
    callOf('a').answer('up');
    await eventually(() => expect(loaded.value()).toBe('up'));
    dispose();
  });
});
