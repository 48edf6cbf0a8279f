import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { JobSchema, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { KeptFiles } from './kept-files.ts';

function keep(
  kept: KeptFiles,
  id: string,
  endedMs: number,
  size: number,
  contents = id,
  state: JobState = JobState.SUCCEEDED,
) {
  const times = { uploadFinishTime: timestampFromMs(0), finishTime: timestampFromMs(endedMs) };
  const job = create(JobSchema, { id, state, fileKept: true, ...times });
  const record = { job, isGzip: false, isResumable: true, owner: '', acknowledgedBytes: 0, resultId: 1 };
  kept.add(record, { id, writtenMs: 0, size, contents });
}

test('beyond the budget the files go that were not used for longest, each with all its jobs', () => {
  const kept = new KeptFiles(250);
  keep(kept, 'old', 1, 100);
  keep(kept, 'asked', 2, 100);
  expect(kept.beyondBudget()).toEqual([]);
  // One file of two jobs counts once, and was used when the second one ended.
  keep(kept, 'again', 9, 100, 'asked');
  keep(kept, 'new', 5, 100);
  expect(kept.beyondBudget()).toEqual(['old']);
  kept.remove('old');
  keep(kept, 'large', 10, 1_000);
  expect(kept.beyondBudget()).toEqual(['new', 'asked', 'again', 'large']);
});

test('room is made by files with a result first, and by none if all were too few', () => {
  const kept = new KeptFiles(1_000);
  keep(kept, 'failed', 1, 100, 'failed', JobState.FAILED);
  keep(kept, 'first', 2, 100);
  keep(kept, 'second', 3, 100);
  expect(kept.toFree(50, new Set())).toEqual(['first']);
  expect(kept.toFree(150, new Set())).toEqual(['first', 'second']);
  expect(kept.toFree(300, new Set())).toEqual(['first', 'second', 'failed']);
  expect(kept.toFree(301, new Set())).toEqual([]);
});

test('what a running job has as well frees nothing', () => {
  const kept = new KeptFiles(1_000);
  keep(kept, 'asked', 1, 100);
  keep(kept, 'other', 2, 100);
  expect(kept.toFree(80, new Set(['asked']))).toEqual(['other']);
  expect(kept.toFree(180, new Set(['asked']))).toEqual([]);
});
