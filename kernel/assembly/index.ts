/** The kernel as the host sees it (`wasm/module.ts`): one instance a job. */
export * from './constants';
export { growTable, restoreDepartments, setSeeds, tagOfName } from './departments';
export { setFilters } from './filters';
export { ensureMemory, entries, placeRegions } from './memory';
export { mergeCounters, mergedDepartments, mergedRows, mergeEntries } from './merge';
export { endPieces, held, reservePiece, takePiece, takeRecordEnd } from './pieces';
export { setAmounts, setFormat, setGroups, setLimits } from './plan';
export { indexSeparators } from './separator-index';
export { addUp, summarize, totalHasNegative, totalHigh, totalLow, totalScale } from './snapshot';
export { totalsEnd, writeTotals } from './totals';
