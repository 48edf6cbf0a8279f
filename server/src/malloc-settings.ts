/**
 * glibc gives blocks from this size on back to the system when they are freed; by itself it raises the size to that of the
 * largest block so far (mallopt(3), M_MMAP_THRESHOLD), and the heap keeps 200 MB of a flood of calls. In bytes.
 */
export const MALLOC_SETTINGS = { MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '262144' };
