import { type Accessor, createSignal } from 'solid-js';
import { texts } from '../texts.ts';
import type { Credentials } from './credentials.ts';
import { openSession } from './session.ts';
import { forgetKey, storedKey, storeKey } from './stored-key.ts';

/** The key of this tab, for a server that wants one. */
export interface Access extends Credentials {
  /** True while the server wants a key that is not known. */
  isAsked: Accessor<boolean>;
  /** True while a key is being tried. */
  isTrying: Accessor<boolean>;
  /** Why the last key did not do, in words; empty if there was none. */
  problem: Accessor<string>;
  /** Tries a key, and keeps it if the server accepts it: for this tab, or on this computer. */
  enter(key: string, forGood: boolean): Promise<void>;
  /** Whether a key is in use. */
  hasKey: Accessor<boolean>;
  /** Forgets the key, and asks for one again. */
  forget(): void;
  /** Makes downloads possible for some minutes. False if the server did not let it. */
  allowDownloads(): Promise<boolean>;
}

/** Makes the {@link Access} of the tab, with the key that was kept. */
export function createAccess(): Access {
  // No signal: a request that an effect makes must not be made again because the key has changed.
  let key = storedKey();
  const [hasKey, setHasKey] = createSignal(key !== undefined);
  const [isAsked, setAsked] = createSignal(false);
  const [isTrying, setTrying] = createSignal(false);
  const [problem, setProblem] = createSignal('');

  function refuse(shown: string | undefined): void {
    // The answer to a key that has been replaced since.
    if (shown !== key) return;
    if (key !== undefined) setProblem(texts.key.wrong);
    drop();
  }

  function drop(): void {
    if (key !== undefined) forgetKey(key);
    key = undefined;
    setHasKey(false);
    setAsked(true);
  }

  return {
    key: () => key,
    refuse,
    isAsked,
    isTrying,
    problem,
    async enter(entered, forGood) {
      setTrying(true);
      setProblem('');
      const answer = await openSession(entered);
      setTrying(false);
      if (answer !== 'accepted') {
        setProblem(answer === 'refused' ? texts.key.wrong : texts.errors.unreachable);
        return;
      }
      key = entered;
      storeKey(entered, forGood);
      setHasKey(true);
      setAsked(false);
    },
    hasKey,
    forget: drop,
    async allowDownloads() {
      if (key === undefined) return true;
      const shown = key;
      const answer = await openSession(shown);
      if (answer === 'refused') refuse(shown);
      return answer === 'accepted';
    },
  };
}
