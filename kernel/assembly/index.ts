/** The kernel as the host sees it (`wasm/module.ts`): one instance a job. */
export { growTable, restoreDepartments, setSeeds, tagOfName } from './departments';
export { ensureMemory, entries, placeRegions } from './memory';
export { endPieces, held, reservePiece, takePiece } from './pieces';
export { setFormat, setLimits } from './plan';
export { indexSeparators } from './separator-index';
export { summarize, totalHigh, totalLow, totalScale } from './snapshot';
