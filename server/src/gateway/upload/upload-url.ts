/** The path on this server below which files are uploaded by tus. */
export const UPLOADS_PATH = '/uploads';

/** The address of a job's upload by tus. */
export function uploadUrl(jobId: string): string {
  return `${UPLOADS_PATH}/${jobId}`;
}
