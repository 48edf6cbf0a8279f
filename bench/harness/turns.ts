/**
 * Lets all run in turns, once without counting to warm up, so that whatever else the machine does hits everyone alike.
 *
 * @returns what each run returned, by run and round
 */
export async function inTurns<T>(rounds: number, runs: readonly (() => T | Promise<T>)[], warmUps = 1): Promise<T[][]> {
  const results: T[][] = runs.map(() => []);
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const result = await run();
      if (round >= warmUps) results[index]!.push(result);
    }
  }
  return results;
}
