import { availableParallelism } from 'node:os';
import { isAbsolute, normalize } from 'node:path';
import { MOST_DEPARTMENTS } from '../../../kernel/wasm/memory-layout.ts';
import { isLoopback } from '../access/loopback.ts';
import { isS3Url, readS3Url } from '../object-storage/s3-url.ts';

/** The settings that the process gets from its environment. Sizes are in bytes. */
export interface Config {
  host: string;
  port: number;
  dataDir: string;
  role: 'all' | 'gateway' | 'processor';
  processorUrls: string[];
  workers: number;
  apiKeys: string[];
  /** Seals the checkpoints of a processor; empty for none, or in a gateway for one of its own. */
  checkpointKey: string;
  insecure: boolean;
  tls: { certFile: string; keyFile: string } | undefined;
  corsOrigins: string[];
  maxUploadBytes: number;
  minFreeDiskBytes: number;
  maxDepartments: number;
  /** Folders whose files jobs may read in place: absolute paths. */
  sources: string[];
  /** How much of finished uploads is kept, in bytes. */
  keepUploads: number;
  retentionDays: number;
  /** Between two checkpoints of a job, at least, in milliseconds. */
  checkpointMs: number;
  logLevel: string;
  /** Listen on this Unix socket instead of `host` and `port`: the private way between a gateway and its own processor. */
  socketPath: string;
  /** A folder whose files only the gateway may have read that a processor belongs to; empty for none. */
  spoolFolder: string;
}

/** A bad setting: the message names the variable, its value and the allowed values. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

interface Variable<T> {
  default: string;
  meaning: string;
  allowed: string;
  /** Gives undefined for a value that is not allowed. */
  parse(text: string): T | undefined;
}

const text = (meaning: string, fallback: string, allowed = 'any text'): Variable<string> => ({
  default: fallback,
  meaning,
  allowed,
  parse: (value) => value,
});

const secret = (meaning: string, allowed: string, minLength: number): Variable<string> => ({
  default: '',
  meaning,
  allowed,
  parse: (value) => (value === '' || value.length >= minLength ? value : undefined),
});

const oneOf = <T extends string>(meaning: string, fallback: T, values: readonly T[]): Variable<T> => ({
  default: fallback,
  meaning,
  allowed: values.join(', '),
  parse: (value) => values.find((known) => known === value),
});

const integer = (meaning: string, fallback: number, min: number, max: number): Variable<number> => ({
  default: String(fallback),
  meaning,
  allowed: `a whole number from ${min} to ${max}`,
  parse(value) {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  },
});

const FLAG_VALUES = new Map([
  ['0', false],
  ['1', true],
  ['false', false],
  ['true', true],
]);

const flag = (meaning: string): Variable<boolean> => ({
  default: '0',
  meaning,
  allowed: '0 or 1',
  parse: (value) => FLAG_VALUES.get(value),
});

const list = (meaning: string, allowed: string, isItem: (item: string) => boolean): Variable<string[]> => ({
  default: '',
  meaning,
  allowed,
  parse(value) {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items.every(isItem) ? items : undefined;
  },
});

const UNIT_BYTES: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};

const bytes = (meaning: string, fallback: string): Variable<number> => ({
  default: fallback,
  meaning,
  allowed: 'a size such as 500MB, 64MiB, 1TiB or a number of bytes',
  parse(value) {
    const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?I?B)?$/i.exec(value);
    if (!match) return undefined;
    const size = Math.round(Number(match[1]) * (UNIT_BYTES[(match[2] ?? '').toUpperCase()] ?? Number.NaN));
    return Number.isSafeInteger(size) ? size : undefined;
  },
});

const isS3Prefix = (value: string) => {
  try {
    return isS3Url(value) && readS3Url(value).bucket !== '';
  } catch {
    return false;
  }
};
const isUrl = (protocols: string[]) => (value: string) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && protocols.includes(url.protocol);
};

/**
 * An address of a processor. A key with `/`, `?` or `#` as it is ends the host, and its rest would be looked up in DNS and
 * written to logs.
 */
function isProcessorUrl(value: string): boolean {
  if (!isUrl(['http:', 'https:', 'unix:'])(value)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(value);
  if (protocol !== 'unix:' && `${pathname}${search}${hash}`.includes('@')) return false;
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}

/** A value as it may be shown: without the part before the last `@`, which is a key in an address. */
function withoutKey(value: string): string {
  return value.replace(/^([^:]*:\/*).*@/s, '$1…@');
}

const VARIABLES = {
  HOST: text('address to listen on', '127.0.0.1', 'an address of this machine'),
  PORT: integer('port for everything; 0 takes any free one', 8080, 0, 65535),
  DATA_DIR: text('folder for spool, results and database', './data', 'a folder'),
  ROLE: oneOf('which part of the system this process runs', 'all', ['all', 'gateway', 'processor'] as const),
  PROCESSOR_URL: list(
    'where a gateway finds processors, comma-separated, with a key as in https://:KEY@host; default: it starts its own',
    'http:, https: or unix: URLs separated by commas, with the signs of a key percent-encoded, such as %2F for /',
    isProcessorUrl,
  ),
  WORKERS: integer('maximum number of kernel threads of a processor', availableParallelism(), 1, 256),
  API_KEYS: list(
    'comma-separated keys; when set, every RPC, upload and download needs one, and a key sees only its own jobs',
    'keys of at least 8 characters separated by commas',
    (key) => key.length >= 8,
  ),
  CHECKPOINT_KEY: secret(
    'seals the checkpoints of a processor, which then accepts no others; the same for processors that share jobs; default: a gateway makes one for its own processor, else none',
    'a text of at least 16 characters',
    16,
  ),
  INSECURE: flag('without keys, allow an address that other machines can reach'),
  TLS_CERT: text('certificate file (PEM); turns on TLS', '', 'a file'),
  TLS_KEY: text('private key file (PEM)', '', 'a file'),
  CORS_ORIGINS: list(
    'other origins that may call from a browser, or at which a proxy serves the page, comma-separated',
    'origins such as https://example.com separated by commas',
    (origin) => isUrl(['http:', 'https:'])(origin) && new URL(origin).origin === origin,
  ),
  MAX_UPLOAD_BYTES: bytes('larger uploads are refused', '1TiB'),
  MIN_FREE_DISK_BYTES: bytes('uploads are refused when the disk has less than this left', '1GiB'),
  MAX_DEPARTMENTS: integer('a job with more distinct departments fails', 1_000_000, 1, MOST_DEPARTMENTS),
  SOURCES: list(
    'folders, and s3://bucket/prefix, that jobs may read in place, comma-separated; nothing outside of them',
    'absolute paths of folders, or s3://bucket/prefix, separated by commas',
    (source) => isAbsolute(source) || isS3Prefix(source),
  ),
  KEEP_UPLOADS: bytes(
    'how much of finished uploads is kept, so that the next question needs no upload; 0 keeps none',
    '50GiB',
  ),
  RETENTION_DAYS: integer('finished jobs older than this are removed', 30, 1, 36500),
  CHECKPOINT_MS: integer('minimum milliseconds between two checkpoints of a job', 3_000, 1, 3_600_000),
  LOG_LEVEL: oneOf('least severe level that is logged (to stderr)', 'info', [
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  ] as const),
  LISTEN_SOCKET: text('listen on this Unix socket instead of HOST and PORT', '', 'a path'),
  SPOOL_FOLDER: text(
    'of a processor on a Unix socket: the folder of its gateway, whose files it may read',
    '',
    'a path',
  ),
} satisfies Record<string, Variable<unknown>>;

const SECRETS = new Set(['API_KEYS', 'CHECKPOINT_KEY']);

type Values = { [Name in keyof typeof VARIABLES]: Exclude<ReturnType<(typeof VARIABLES)[Name]['parse']>, undefined> };

/**
 * Reads the configuration.
 *
 * @throws {@link ConfigError} for the first value that is not allowed
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const values = {} as Record<string, unknown>;
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const given = environment[name]?.trim();
    const value = given === undefined || given === '' ? variable.default : given;
    const parsed = variable.parse(value);
    if (parsed === undefined) {
      // A key is a secret: say which variable, not what it holds.
      const shown = SECRETS.has(name) ? 'has a value that' : `is "${withoutKey(value)}", which`;
      throw new ConfigError(`${name} ${shown} is not allowed: use ${variable.allowed}.`);
    }
    values[name] = parsed;
  }
  const config = fromValues(values as Values);
  checkTogether(config, values as Values);
  return config;
}

function fromValues(values: Values): Config {
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    role: values.ROLE,
    processorUrls: values.PROCESSOR_URL,
    workers: values.WORKERS,
    apiKeys: values.API_KEYS,
    checkpointKey: values.CHECKPOINT_KEY,
    insecure: values.INSECURE,
    tls: values.TLS_CERT && values.TLS_KEY ? { certFile: values.TLS_CERT, keyFile: values.TLS_KEY } : undefined,
    corsOrigins: values.CORS_ORIGINS,
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    minFreeDiskBytes: values.MIN_FREE_DISK_BYTES,
    maxDepartments: values.MAX_DEPARTMENTS,
    sources: values.SOURCES.map((source) => (isS3Url(source) ? source : normalize(source))),
    keepUploads: values.KEEP_UPLOADS,
    retentionDays: values.RETENTION_DAYS,
    checkpointMs: values.CHECKPOINT_MS,
    logLevel: values.LOG_LEVEL,
    socketPath: values.LISTEN_SOCKET,
    // Whoever reaches a port is a stranger.
    spoolFolder: values.LISTEN_SOCKET === '' ? '' : values.SPOOL_FOLDER,
  };
}

function checkTogether(config: Config, values: Values): void {
  if ((values.TLS_CERT === '') !== (values.TLS_KEY === '')) {
    throw new ConfigError('TLS_CERT and TLS_KEY go together: set both or neither.');
  }
  if (config.role === 'gateway' && config.processorUrls.length === 0) {
    throw new ConfigError(
      'ROLE is "gateway", which needs PROCESSOR_URL: set it to the address of at least one processor.',
    );
  }
  if (config.socketPath === '' && !isLoopback(config.host) && config.apiKeys.length === 0 && !config.insecure) {
    throw new ConfigError(
      `HOST is "${config.host}", which other machines can reach: set API_KEYS, or INSECURE=1 to let anybody in.`,
    );
  }
}

/** The text that `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(VARIABLES).map(
    ([name, variable]) =>
      `  ${name.padEnd(20)} ${variable.meaning} (default: ${variable.default === '' ? 'none' : variable.default})`,
  );
  return `Tallystream: totals per department from a CSV of any size.

Usage: npm start

Configuration (environment):
${rows.join('\n')}
`;
}
