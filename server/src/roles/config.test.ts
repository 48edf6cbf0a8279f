import { expect, test } from 'vitest';
import { helpText, readConfig } from './config.ts';

test('without settings every default of the contract holds', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    dataDir: './data',
    role: 'all',
    maxUploadBytes: 1024 ** 4,
    minFreeDiskBytes: 1024 ** 3,
    maxDepartments: 1_000_000,
    keepUploads: 50 * 1024 ** 3,
    sources: [],
    retentionDays: 30,
  });
});

test.each([
  ['500MB', 500_000_000],
  ['64MiB', 64 * 1024 ** 2],
  ['1.5 GB', 1_500_000_000],
  ['1234', 1234],
])('the size %s is %d bytes', (text, bytes) => {
  expect(readConfig({ MAX_UPLOAD_BYTES: text }).maxUploadBytes).toBe(bytes);
});

test.each([
  [{ PORT: '70000' }, ['PORT', '70000', '65535']],
  [{ MAX_UPLOAD_BYTES: '-1' }, ['MAX_UPLOAD_BYTES', '-1']],
  [{ PROCESSOR_URL: 'ftp://x' }, ['PROCESSOR_URL', 'ftp://x']],
  [{ PROCESSOR_URL: 'ftp://:secret@x' }, ['PROCESSOR_URL', 'ftp://…@x']],
  [{ CORS_ORIGINS: 'https://example.com/path' }, ['CORS_ORIGINS']],
  [{ TLS_CERT: 'cert.pem' }, ['TLS_CERT', 'TLS_KEY']],
  [{ HOST: '0.0.0.0' }, ['HOST', '0.0.0.0', 'API_KEYS']],
  [{ ROLE: 'gateway' }, ['ROLE', 'PROCESSOR_URL']],
  [{ SOURCES: '/data,relative' }, ['SOURCES', 'relative', 'absolute']],
  [{ SOURCES: 's3://UPPER/x' }, ['SOURCES', 'UPPER']],
  [{ SOURCES: 's3://sales/../x' }, ['SOURCES', 'absolute']],
  [{ MAX_DEPARTMENTS: '12000001' }, ['MAX_DEPARTMENTS', '12000000']],
])('%j is refused in words', (environment, words) => {
  for (const word of words) expect(() => readConfig(environment)).toThrow(word);
});

test('a bad key is not repeated in the message', () => {
  expect(() => readConfig({ API_KEYS: 'secret' })).toThrow(/^(?!.*secret).*API_KEYS/);
});

test.each(['se/cret', 'se@cret', 'se?cret', 'se#cret', 'se%cret', 'se,cret', 'se:cret', '//secret', 'se cret'])(
  'the key %j in an address is not repeated in the message, wherever it ends up',
  (key) => {
    for (const address of [`ftp://:${key}@host`, `http://${key}@[`, `unix:${key}@x:`, `http://a,ftp://:${key}@host`]) {
      try {
        readConfig({ PROCESSOR_URL: address });
      } catch (error) {
        expect((error as Error).message).toMatch(/^PROCESSOR_URL is /);
        expect((error as Error).message).not.toMatch(/se.?cret|cret@/);
      }
    }
    // As part of a path it would be taken for the name of a host.
    if (/[/?#%,]/.test(key) && key !== '//secret') {
      expect(() => readConfig({ PROCESSOR_URL: `http://:${key}@host` })).toThrow('%2F');
      expect(() => readConfig({ PROCESSOR_URL: `http://${key}@host` })).toThrow('%2F');
    }
  },
);

test('a key whose signs are encoded is taken', () => {
  const url = `https://:${encodeURIComponent('a/b?c#d@e%f')}@host`;
  expect(readConfig({ PROCESSOR_URL: url }).processorUrls).toEqual([url]);
});

test('an address that others reach is fine with keys, or when told', () => {
  expect(readConfig({ HOST: '0.0.0.0', API_KEYS: 'long-enough-key' }).apiKeys).toEqual(['long-enough-key']);
  expect(readConfig({ HOST: '0.0.0.0', INSECURE: '1' }).insecure).toBe(true);
  expect(readConfig({ HOST: '::1' }).host).toBe('::1');
});

test('the help names every setting', () => {
  for (const name of ['HOST', 'PORT', 'DATA_DIR', 'ROLE', 'WORKERS', 'API_KEYS', 'RETENTION_DAYS']) {
    expect(helpText()).toContain(name);
  }
});
