/** Runs a stepwise task to its end. Returns its result, and how many steps that took. */
export function allSteps<T>(generator: Generator<void, T>): { value: T; steps: number } {
  for (let steps = 0; ; steps++) {
    const { done, value } = generator.next();
    if (done) return { value, steps };
  }
}
