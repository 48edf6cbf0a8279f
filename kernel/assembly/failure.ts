/** Why a job cannot go on. The host turns the numbers into errors. */
export const NO_FAILURE: i32 = 0;
export const TOO_MANY_DEPARTMENTS: i32 = 1;
export const TOO_MANY_NAME_BYTES: i32 = 2;
export const OUT_OF_MEMORY: i32 = 3;

export let failure: i32 = NO_FAILURE;

export function fail(reason: i32): void {
  failure = reason;
}
