/**
 * Lets all run in turns, once without counting to warm up, so that whatever else the machine does hits everyone alike.
 *
 * @returns what each run returned, by run and round
 */
export async function inTurns(
  rounds: number,
  runs: readonly (() => number | Promise<number>)[],
  warmUps = 1,
): Promise<number[][]> {
  const results: number[][] = runs.map(() => []);
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const result = await run();
      if (round >= warmUps) results[index]!.push(result);
    }
  }
  return results;
}
