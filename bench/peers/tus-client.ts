/** `node bench/peers/tus-client.ts <url> <path>`: uploads a file with tus-js-client, as Node.js programs do; prints where it is. */
import { createReadStream, statSync } from 'node:fs';
import { Upload } from 'tus-js-client';

const [url = '', path = ''] = process.argv.slice(2);
const upload = new Upload(createReadStream(path, { highWaterMark: 1024 * 1024 }), {
  endpoint: `${url}/uploads`,
  uploadSize: statSync(path).size,
  // The library wants a size for streams; the whole file in one request is what it does for files in browsers.
  chunkSize: Number.POSITIVE_INFINITY,
  metadata: { filename: 'bench.csv' },
  onError: (error) => {
    throw error;
  },
  onSuccess: () => process.stdout.write(`${upload.url}\n`),
});
upload.start();
