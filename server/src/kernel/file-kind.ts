/** Refuses files that are no CSV. Placeholder until the look at first bytes lands. */
export function refuseWhatIsNoCsv(_head: Uint8Array): void {}
