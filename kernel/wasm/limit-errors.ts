import { KernelError, MAX_NAME_BYTES } from '../kernel.ts';

/** That a file has more departments than a job may have. */
export function tooManyDepartments(maxDepartments: number): KernelError {
  return new KernelError(
    'TOO_MANY_DEPARTMENTS',
    `the file has more than ${maxDepartments} distinct departments; check that the department column is the right one, or raise the limit`,
  );
}

/** That the names of all departments together are too long. */
export function tooManyNameBytes(): KernelError {
  return new KernelError(
    'TOO_MANY_DEPARTMENTS',
    `the department names take more than ${MAX_NAME_BYTES} bytes; check that the department column is the right one`,
  );
}

/** That the machine has no memory for what the limits of the job allow. */
export function outOfMemory(): KernelError {
  return new KernelError('OUT_OF_MEMORY', 'the machine has no memory left for this job; try again later');
}
