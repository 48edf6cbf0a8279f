/** What `Job.source` says of where a job's file came from: nothing of an upload of its own. */

const OF_JOB = /^(?:\/?jobs\/|job:)?([A-Za-z0-9-]{1,100})$/;

/** Whether the file is one that lies on the server or in an object storage, and none of ours. */
export function isFileSource(source: string): boolean {
  return /^(?:file:|s3:\/\/)/i.test(source);
}

/** The id of the job that a source names: `jobs/ID`, or the id alone; undefined for any other source. */
export function jobOfSource(source: string): string | undefined {
  return OF_JOB.exec(source)?.[1];
}

/** The source of a question about the file of a job, whose own source is the first argument. */
export function sourceOfQuestion(source: string, id: string): string {
  return source || `jobs/${id}`;
}
