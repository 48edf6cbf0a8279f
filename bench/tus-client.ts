import { createReadStream, statSync } from 'node:fs';
import { Upload } from 'tus-js-client';

/** Uploads a file with tus-js-client, as Node.js programs do. Returns how long it took and the job's id. */
export async function uploadByTus(url: string, path: string): Promise<{ seconds: number; id: string }> {
  const startedAt = performance.now();
  const location = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(createReadStream(path, { highWaterMark: 1024 * 1024 }), {
      endpoint: `${url}/uploads`,
      uploadSize: statSync(path).size,
      // The library wants a size for streams; the whole file in one request is what it does for files in browsers.
      chunkSize: Number.POSITIVE_INFINITY,
      metadata: { filename: 'bench.csv' },
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    });
    upload.start();
  });
  return { seconds: (performance.now() - startedAt) / 1000, id: location.split('/').at(-1) ?? '' };
}
