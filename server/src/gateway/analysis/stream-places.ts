/** Calls that a gateway has open to a kernel thread of its own, or to a processor elsewhere. */
const STREAMS_PER_PLACE = 32;

/** Calls of ProcessCsv that are handed on share so many places beside those: eight for each thread. */
const OUTSIDE_SHARE = 0.25;

/** How many calls a gateway has open at once: for its jobs, and for callers of ProcessCsv besides. */
export interface StreamPlaces {
  jobs: number;
  outside: number;
}

/** @param places kernel threads of the gateway's own processor, or processors elsewhere */
export function streamPlaces(places: number): StreamPlaces {
  return { jobs: STREAMS_PER_PLACE * places, outside: STREAMS_PER_PLACE * places * OUTSIDE_SHARE };
}
