import { type Accessor, createMemo } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { fileKey, groupByFile } from './file-groups.ts';
import type { Jobs } from './jobs.ts';
import { describeQuestions, type Question } from './question.ts';

/** The jobs of a list in their order, the questions about one file together. */
export interface ListedJobs {
  /** The ids of the jobs that pass. */
  ids: Accessor<string[]>;
  /** The question of a job, if there are more about its file, whether they pass or not. */
  questionOf(id: string): Question | undefined;
  /** How many questions there are about the file of a job. */
  countQuestions(id: string): number;
  /** Whether the job before in the list is not about the same file. */
  isFirstOfFile(id: string): boolean;
}

/** Makes the {@link ListedJobs} of those that pass a filter. */
export function createListedJobs(jobs: Jobs, passes: (job: Job) => boolean): ListedJobs {
  const known = () => jobs.ids().flatMap((id) => jobs.find(id) ?? []);
  const groups = createMemo(() => groupByFile(known()));
  const questions = createMemo(() => {
    const several = [...groups().values()].filter((group) => group.length > 1);
    return new Map(
      several.flatMap((group) => describeQuestions(group).map((question, place) => [group[place]?.id, question])),
    );
  });
  const keys = createMemo(() => new Map(known().map((job) => [job.id, fileKey(job)])));
  const ids = createMemo(() =>
    [...groups().values()]
      .flat()
      .filter(passes)
      .map(({ id }) => id),
  );
  const firsts = createMemo(
    () => new Set(ids().filter((id, place, all) => place === 0 || keys().get(id) !== keys().get(all[place - 1] ?? ''))),
  );
  return {
    ids,
    questionOf: (id) => questions().get(id),
    countQuestions: (id) => groups().get(keys().get(id) ?? '')?.length ?? 0,
    isFirstOfFile: (id) => firsts().has(id),
  };
}
