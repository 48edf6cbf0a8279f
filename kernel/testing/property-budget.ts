import type { Parameters } from 'fast-check';

/** Milliseconds that a property test may take; PROPERTY_SECONDS has it search for longer. */
const BUDGET_MS = Number(process.env.PROPERTY_SECONDS ?? 8) * 1000;

/** Parameters of `fc.assert`: so many runs for each eight seconds of the budget, or as many as fit into it. */
export function withinBudget<T>(numRuns: number): Parameters<T> {
  return {
    numRuns: Math.ceil((numRuns * BUDGET_MS) / 8_000),
    interruptAfterTimeLimit: BUDGET_MS,
    markInterruptAsFailure: false,
  };
}
