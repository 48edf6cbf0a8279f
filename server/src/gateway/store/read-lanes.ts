import { Lanes } from '../../queue/lanes.ts';

/** Some work that is done in steps; each `next` is one, and the last one gives the result. */
export type Steps = Generator<void, unknown>;

/** A reading that waits for its steps, and the functions that get its outcome. */
export interface Reading {
  steps: Steps;
  /** Whether nobody wants it any more. */
  isUnwanted(): boolean;
  done(value: unknown): void;
  failed(error: unknown): void;
}

/**
 * Readings in lanes, one lane a caller: the lanes have their turns one after the other, a step each, so that many readings
 * of one caller, or long ones, hold up those of others for a step each. In a lane they come in order.
 */
export class ReadLanes extends Lanes<string, Reading> {
  /** @param later does something after all else that is waiting to be done */
  constructor(later: (work: () => void) => void) {
    const serve = (waiting: Reading[]) => {
      if (isEnded(waiting[0])) waiting.shift();
      return true;
    };
    super({ serve, later, perTurn: 1 });
  }
}

/** Does the next step of a reading. @returns whether it was the last one */
function isEnded(reading: Reading | undefined): boolean {
  if (!reading || reading.isUnwanted()) return true;
  try {
    const { done, value } = reading.steps.next();
    if (done) reading.done(value);
    return done === true;
  } catch (error) {
    reading.failed(error);
    return true;
  }
}
