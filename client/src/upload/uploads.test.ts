import { describe, expect, it } from 'vitest';
import type { UploadEvents } from './tus-upload.ts';
import { createUploads } from './uploads.ts';

/** Uploads whose transfers are played by the test. */
function playedUploads() {
  const transfers = new Map<string, UploadEvents & { isStopped: boolean; hurried: number }>();
  const uploads = createUploads((_file, uploadUrl, events) => {
    const transfer = { ...events, isStopped: false, hurried: 0 };
    transfers.set(uploadUrl, transfer);
    return {
      hurry: () => {
        transfer.hurried++;
      },
      stop: () => {
        transfer.isStopped = true;
      },
    };
  });
  const start = (id: string) => uploads.start(id, `/uploads/${id}`, new File(['12345'], `${id}.csv`));
  return { uploads, start, transfer: (id: string) => transfers.get(`/uploads/${id}`) };
}

describe('createUploads', () => {
  it('sends two files at once and the next when one is through', () => {
    const { uploads, start, transfer } = playedUploads();
    for (const id of ['a', 'b', 'c']) start(id);
    expect(['a', 'b', 'c'].map((id) => uploads.find(id)?.phase)).toEqual(['sending', 'sending', 'waiting']);
    expect(transfer('c')).toBeUndefined();
    transfer('a')?.onDone();
    expect(uploads.find('a')).toMatchObject({ phase: 'done', sentBytes: 5 });
    expect(uploads.find('c')?.phase).toBe('sending');
  });

  it('shows progress, a break, and that it goes on', () => {
    const { uploads, start, transfer } = playedUploads();
    start('a');
    transfer('a')?.onProgress(3);
    transfer('a')?.onRetry();
    expect(uploads.find('a')).toMatchObject({ phase: 'retrying', sentBytes: 3 });
    uploads.hurry();
    expect(transfer('a')?.hurried).toBe(1);
    transfer('a')?.onProgress(4);
    expect(uploads.find('a')).toMatchObject({ phase: 'sending', sentBytes: 4 });
  });

  it('says why one failed, and takes it up again', () => {
    const { uploads, start, transfer } = playedUploads();
    start('a');
    transfer('a')?.onFail('The disk is full.', true);
    expect(uploads.find('a')).toMatchObject({ phase: 'failed', error: 'The disk is full.', canResume: true });
    expect(uploads.isBusy()).toBe(false);
    uploads.resume('a');
    expect(uploads.find('a')).toMatchObject({ phase: 'sending', error: '' });
  });

  it('keeps the doubt about a file that was changed at the end', () => {
    const { uploads, start, transfer } = playedUploads();
    start('a');
    transfer('a')?.onDone();
    expect(uploads.find('a')?.isDoubtful).toBe(false);
    transfer('a')?.onDoubt();
    expect(uploads.find('a')).toMatchObject({ phase: 'done', isDoubtful: true });
  });

  it('stops and forgets', () => {
    const { uploads, start, transfer } = playedUploads();
    start('a');
    expect(uploads.isBusy()).toBe(true);
    uploads.stop('a');
    expect(transfer('a')?.isStopped).toBe(true);
    expect(uploads.find('a')).toBeUndefined();
    expect(uploads.isBusy()).toBe(false);
  });

  it('hears no doubt about an upload that is forgotten, or has begun anew', () => {
    const { uploads, start, transfer } = playedUploads();
    start('a');
    const first = transfer('a');
    first?.onDone();
    uploads.stop('a');
    first?.onDoubt();
    expect(uploads.find('a')).toBeUndefined();
    start('a');
    first?.onDoubt();
    expect(uploads.find('a')?.isDoubtful).toBe(false);
  });

  it('gives the place of a stopped upload to the next', () => {
    const { uploads, start } = playedUploads();
    for (const id of ['a', 'b', 'c']) start(id);
    uploads.stop('b');
    expect(uploads.find('c')?.phase).toBe('sending');
  });
});
