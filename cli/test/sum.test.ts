/** The command line as its user has it: files, pipes, formats, mistakes, exit codes. */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isGroupRunning, isOpenElsewhere } from '../../server/test/support/processes.ts';
import { generateSales, SALES, SALES_TOTALS } from '../../server/test/support/sales.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { plainDecimal, readTotals } from '../../server/test/support/totals.ts';
import { zipArchive } from '../../server/test/support/zip-archive.ts';
import { textOf } from './text-of.ts';

const BIN = fileURLToPath(new URL('../tallystream.mjs', import.meta.url));
const sales = generateSales(300_000, 51, 80);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));

let folder: string;
let small: string;
let large: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-cli-'));
  small = await write('small.csv', SALES);
  large = await write('large.csv', sales.csv);
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function start(args: string[], environment: Record<string, string> = {}, options: SpawnOptions = {}): ChildProcess {
  return spawn(BIN, args, { cwd: folder, env: { ...process.env, TMPDIR: folder, ...environment }, ...options });
}

/** Exit code and signal that a command ends with. */
async function end(child: ChildProcess): Promise<[number | null, string | null]> {
  const [code, signal] = await once(child, 'exit');
  return [code, signal];
}

async function run(args: string[], input?: string | Uint8Array): Promise<Ended> {
  const child = start(args);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return await ended(child);
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [out, err, [code]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

/** The files that the command leaves behind: none but those that the tests put there. */
const leftOver = async () => (await readdir(folder)).filter((name) => name.startsWith('tallystream-'));

test('a file gives its totals as CSV, and says what was read on the other stream', async () => {
  const { code, out, err } = await run(['sum', small]);
  expect(code).toBe(0);
  expect(out).toBe(SALES_TOTALS);
  expect(err).toMatch(/4 rows, 3 departments in/);
  expect(err).toContain('Number of Sales summed per Department Name');
  expect(await leftOver()).toEqual([]);
});

test('a large dirty file gives the right totals, and its rejected rows', async () => {
  const rejects = join(folder, 'rejects.csv');
  const { code, out, err } = await run(['sum', large, '--rejects', rejects]);
  expect(code).toBe(0);
  expect(readTotals(out)).toEqual(right);
  const rejected = sales.truth.rowsRejected;
  expect(err).toContain(`${rejected.toLocaleString('en')} rows rejected: `);
  const lines = (await readFile(rejects, 'utf8')).trimEnd().split('\n');
  expect(lines[0]).toBe('Line,Byte Offset,Reason,Raw,Lines');
  expect(lines.length).toBeGreaterThanOrEqual(rejected + 1);
});

test('standard input does as well, plain or compressed, named - or not at all', async () => {
  expect((await run(['sum'], SALES)).out).toBe(SALES_TOTALS);
  expect((await run(['sum', '-'], gzipSync(SALES))).out).toBe(SALES_TOTALS);
  const packed = await write('small.csv.gz', gzipSync(SALES));
  expect((await run(['sum', packed])).out).toBe(SALES_TOTALS);
  const archive = zipArchive([{ name: 'sales.csv', content: SALES }]);
  expect((await run(['sum', '-'], archive)).out).toBe(SALES_TOTALS);
  expect((await run(['sum', await write('plain.csv', archive)])).out).toBe(SALES_TOTALS);
  expect((await run(['sum', await write('loaded.csv.gz', SALES)])).out).toBe(SALES_TOTALS);
});

test('an archive that cannot be unpacked is refused in the words of the command line', async () => {
  const two = await write('two.zip', zipArchive([{ name: 'a.csv', content: SALES }, { name: 'b.csv' }]));
  const book = await write('book.xlsx', zipArchive([{ name: '[Content_Types].xml' }, { name: 'xl/workbook.xml' }]));
  for (const [path, words] of [
    [two, 'holds more than one file, "a.csv" and "b.csv": sum each on its own, or pack only the one you want'],
    [book, 'This is an Excel workbook: save it as CSV (File > Save As) and use that'],
  ] as const) {
    const { code, out, err } = await run(['sum', path]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
  }
});

test('columns are chosen by name or place, and the file read as told', async () => {
  const regions = await write('regions.csv', 'Id;Region;Revenue\n1;North;1.234,50\n2;South;-3\n3;North;0,5\n');
  const { code, out } = await run(['sum', regions, '--by', 'Region', '--of', '2', '--decimal', ',', '--negative']);
  expect(code).toBe(0);
  expect(out).toBe('Region,Revenue\nNorth,1235.00\nSouth,-3\n');
});

test('groups, amounts, products and filters are asked for together', async () => {
  const orders = await write(
    'orders.csv',
    'Region,Date,Quantity,Price\nNorth,2026-01-05,2,1.5\nNorth,2026-02-05,3,2\nSouth,2026-01-09,1,9\nEast,2025-01-09,1,9\n',
  );
  const by = ['--by', 'Region', '--by', 'Date:month', '--of', 'Quantity', '--of', 'Quantity*Price'];
  const { code, out, err } = await run(['sum', orders, ...by, '--where', 'Date >= 2026', '--where', 'Region != West']);
  expect(code).toBe(0);
  expect(out).toBe(
    'Region,Date (month),Quantity,Quantity*Price\nNorth,2026-01,2,3.0\nNorth,2026-02,3,6\nSouth,2026-01,1,9\n',
  );
  expect(err).toContain('1 row left out by --where');
  const table = (await run(['sum', orders, ...by, '--format', 'table'])).out.split('\n');
  expect(table[0]).toMatch(/Region +Date \(month\) +Quantity +Quantity\*Price/);
  expect(table.at(-2)).toMatch(/All +7 +27.0/);
  expect((await run(['sum', orders, '--by', 'Region', '--of', 'Quantity*Price', '--top', '1'])).out).toBe(
    'Region,Quantity*Price\nEast,9\n',
  );
});

test('JSON holds all columns, CSV and table on request; the largest come first where that is wanted', async () => {
  const json = JSON.parse((await run(['sum', small, '--format', 'json'])).out);
  expect(json[0]).toEqual({ department: 'Books', sum: '17', count: 2, min: '7', max: '10', mean: '8.5' });
  expect((await run(['sum', small, '--all', '--top', '1'])).out).toBe(
    'Department Name,Total Number of Sales,Count,Min,Max,Mean\nBooks,17,2,7,10,8.5\n',
  );
  expect((await run(['sum', small, '--format', 'table'])).out).toBe(
    [
      'Department Name  Number of Sales',
      '───────────────  ───────────────',
      'Books                         17',
      'Sports                         5',
      'Home, Garden                   1',
      '───────────────  ───────────────',
      'All                           23',
      '',
    ].join('\n'),
  );
});

test('names cannot command the terminal, and wide ones stay in line', async () => {
  const { out } = await run(['sum', '--format', 'table'], 'D,S\n\u001b[2J,1\n玩具,2\n');
  expect(out).not.toContain('\u001b');
  expect(out.split('\n').slice(2, 4)).toEqual(['玩具  2', '\ufffd[2J  1']);
});

test.each([
  [['sum', 'nowhere.csv'], 1, 'cannot read nowhere.csv: there is no such file'],
  [['sum', '.'], 1, '. is a folder'],
  [['sum', 'small.csv', '--where', 'Colour = red'], 2, '--where is "Colour"'],
  [['sum', 'small.csv', '--where', 'Colour'], 2, 'where is "Colour": use a filter such as'],
  [['sum', 'small.csv', '--by', 'Colour'], 2, '--by is "Colour"'],
  [['sum', 'small.csv', '--by', 'Colour:month'], 2, '--by is "Colour'],
  [
    ['sum', 'small.csv', '--by', 'a', '--by', 'b', '--by', 'c', '--by', 'd', '--by', 'e'],
    2,
    '--by is 5; use at most 4',
  ],
  [['sum', 'small.csv', '--by', '0', '--by', '0'], 2, '--by has "0" twice'],
  [['sum', 'small.csv', '--by', '0', '--of', '0'], 2, '--by and --of are both column 0'],
  [['sum', 'small.csv', '--by', '0', '--by', '0:year', '--of', '1*0'], 2, '--by and --of are both column 0'],
  [['sum', 'small.csv', '--of', '1', '--of', 'Colour'], 2, '--of is "Colour"'],
  [['sum', 'small.csv', '--of', '1', '--of', '1*1', '--of', '1'], 2, '--of has "1" twice'],
  [['sum', 'small.csv', '--where', '1 between 5 and 1'], 2, '--where has a range between "5" and "1"'],
  [['sum', 'small.csv', '--where', '1 >= soon'], 2, '--where has a range between "soon"'],
  [['sum', 'small.csv', '--header', 'maybe'], 2, '--header is "maybe"'],
  [['sum', 'small.csv', '--rejects', '-'], 2, 'name a file for --rejects'],
  [['sum', 'small.csv', '--rejects', 'small.csv'], 2, 'small.csv is an input file'],
  [['sum', 'no\u001b[31m.csv'], 1, 'no\ufffd[31m.csv'],
  [['sum', 'small.csv', '--rejects', 'no/such/folder.csv'], 1, 'its folder does not exist'],
  [['sum', 'small.csv', '--processor', 'http://127.0.0.1:9'], 1, 'cannot be reached'],
  [['sum', 'small.csv', '--colour', 'red'], 2, "'--colour'"],
  [['sum', 'small.csv', '--format', 'xml'], 2, 'use table or csv or json'],
  [['sum', 'small.csv', '--top', '0'], 2, 'a whole number above 0'],
  [['sum', 'small.csv', '--processor', 'somewhere'], 2, 'needs an address like'],
  [['sum', 'small.csv', '--processor', 'http://127.0.0.1:9/path'], 2, 'with nothing after it'],
  [['sum', 'large.csv', '--max-departments', '3'], 1, 'more than 3 distinct departments'],
  [['mean', 'small.csv'], 2, 'no command "mean"'],
])('%j ends with %i and says why', async (args, expected, words) => {
  const { code, out, err } = await run(args);
  expect({ code, out }).toEqual({ code: expected, out: '' });
  expect(err).toContain(words);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(await leftOver()).toEqual([]);
});

test('rejected rows fail a strict command, after its totals', async () => {
  const { code, out, err } = await run(['sum', '--strict'], 'D,S\na,1\nb,x\n');
  expect(code).toBe(3);
  expect(out).toContain('a,1\n');
  expect(err).toContain('1 row rejected: 1 AMOUNT_NOT_A_NUMBER');
});

test('quiet is quiet, and no file at all is an empty result', async () => {
  expect(await run(['sum', '--quiet'], '')).toEqual({
    code: 0,
    out: 'Department Name,Total Number of Sales\n',
    err: '',
  });
});

test('a reader that has had enough ends it without a word', async () => {
  const many = generateSales(200_000, 52, 50_000);
  const child = start(['sum', await write('many.csv', many.csv), '--quiet']);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const [err, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it, and nothing stays behind', async (signal) => {
  const child = start(['sum', '-', '--quiet']);
  child.stdin?.write(SALES);
  // The processor has its folder: it runs.
  await expect.poll(leftOver).toHaveLength(1);
  child.kill(signal);
  // As the shell has it, which then stops a list of commands.
  expect(await end(child)).toEqual([null, signal]);
  expect(await leftOver()).toEqual([]);
});

test('a terminal interrupts all processes of a command at once, and nothing stays behind', async () => {
  for (let round = 0; round < 3; round++) {
    const child = start(['sum', '-', '--quiet'], {}, { detached: true });
    child.stdin?.write(SALES);
    await expect.poll(leftOver).toHaveLength(1);
    process.kill(-child.pid!, 'SIGINT');
    expect(await end(child)).toEqual([null, 'SIGINT']);
    expect(await leftOver()).toEqual([]);
  }
});

test('a command that is killed takes its processes along', async () => {
  const child = start(['sum', '-', '--quiet'], {}, { detached: true });
  child.stdin?.write(SALES);
  await expect.poll(leftOver).toHaveLength(1);
  child.kill('SIGKILL');
  await expect.poll(() => isGroupRunning(child.pid!)).toBe(false);
  expect(await leftOver()).toEqual([]);
});

test('a pipe that nobody writes to can be given up', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = start(['sum', pipe]);
  // It waits for the pipe, of which nothing can be seen; before that it ends just as well.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  child.kill('SIGTERM');
  expect(await end(child)).toEqual([null, 'SIGTERM']);
});

test('a pipe with a name, and compression whose first byte comes alone, are read like any other', async () => {
  const pipe = join(folder, 'bytes');
  execFileSync('mkfifo', [pipe]);
  const child = start(['sum', pipe]);
  const packed = gzipSync(SALES);
  const writer = createWriteStream(pipe);
  writer.write(packed.subarray(0, 1));
  await new Promise((resolve) => setTimeout(resolve, 500));
  writer.end(packed.subarray(1));
  const { code, out, err } = await ended(child);
  expect({ code, out }).toEqual({ code: 0, out: SALES_TOTALS });
  expect(err).not.toContain(' 0 MB/s, ');
});

test('a file that becomes shorter while it is read has no totals', async () => {
  const path = await write('shrinking.csv', `Department,Sales\n${'a,1\n'.repeat(1_000_000)}`);
  // Zeros that take no room on the disk, and seconds to read.
  await truncate(path, 20_000_000_000);
  const child = start(['sum', path, '--quiet']);
  await expect.poll(() => isOpenElsewhere(path)).toBe(true);
  await truncate(path, 100_000);
  const { code, out, err } = await ended(child);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('changed while it was read');
});

test('where nobody can be told, the totals come all the same', async () => {
  const full = await open('/dev/full', 'w');
  const child = spawn(BIN, ['sum', small], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', full.fd],
  });
  const [out, [code]] = await Promise.all([textOf(child.stdout), once(child, 'close')]);
  await full.close();
  expect({ code, out }).toEqual({ code: 0, out: SALES_TOTALS });
  expect(await leftOver()).toEqual([]);
});

test('rejected rows of an earlier call stay when a later one has no result', async () => {
  const rejects = await write('earlier.csv', 'kept');
  expect((await run(['sum', small, '--by', 'Colour', '--rejects', rejects])).code).toBe(2);
  expect(await readFile(rejects, 'utf8')).toBe('kept');
  expect((await run(['sum', small, '--rejects', rejects])).code).toBe(0);
  expect(await readFile(rejects, 'utf8')).toBe('Line,Byte Offset,Reason,Raw,Lines\n');
});

test('help and version go to standard output; without arguments it is a mistake', async () => {
  expect((await run(['--help'])).out).toMatch(/^Usage: /);
  expect((await run(['--version'])).out).toMatch(/^tallystream \d+\.\d+\.\d+\n$/);
  const { code, out, err } = await run([]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^Usage: /);
});

test('a place without room for the socket is named', async () => {
  const child = start(['sum', '-'], { TMPDIR: join(folder, 'none') });
  child.stdin?.end(SALES);
  const { code, err } = await ended(child);
  expect(code).toBe(1);
  expect(err).toContain('set TMPDIR to another one');
});

test('names that are not UTF-8 bring the advice to name the encoding', async () => {
  const { err } = await run(['sum', '--encoding', 'utf-8'], Buffer.from('D,S\na,1\n\xe9,2\n', 'latin1'));
  expect(err).toContain('--encoding windows-1252');
});

test('the processor of a server does the work, if it is named with its key', async () => {
  await using server = await ServerProcess.start({ ROLE: 'processor', API_KEYS: 'key-of-the-cli' });
  const url = server.url.replace('http://', 'http://:key-of-the-cli@');
  expect((await run(['sum', small, '--processor', url])).out).toBe(SALES_TOTALS);
  const byEnvironment = start(['sum', small], { TALLYSTREAM_PROCESSOR: url });
  expect((await ended(byEnvironment)).out).toBe(SALES_TOTALS);
  const refused = await run(['sum', small, '--processor', server.url]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('--processor https://:KEY@host');
});

test('doubts are said on standard error in the words of the command line', async () => {
  const { code, out, err } = await run(['sum'], Buffer.from('Abteilung;Umsatz\nToys;1.234\nGames;2.000\n'));
  expect({ code, out }).toEqual({ code: 0, out: 'Abteilung,Umsatz\nGames,2000\nToys,1234\n' });
  expect(err).toContain(
    'doubt DECIMAL_SEPARATOR_UNCERTAIN: Amounts such as 1.234 are read as 1234; set --decimal to "."',
  );
  const settled = await run(['sum', '--decimal', '.'], Buffer.from('Abteilung;Umsatz\nToys;1.234\nGames;2.000\n'));
  expect(settled.err).not.toContain('doubt');
});

test('a file of which no row counts ends with 1, with what to do and what is doubtful', async () => {
  const { code, out, err } = await run(['sum', '--decimal', '.'], Buffer.from('Department;Amount\na;1,50\nb;2,5\n'));
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('None of the 2 rows counts');
  expect(err).toContain('set --decimal to ","');
  expect(err).toContain('doubt ROWS_REJECTED: 2 of 2 rows are left out');
});

test('amounts below zero are left out where that is asked for, and lines above the header too', async () => {
  const csv = Buffer.from('Report\nDepartment,Amount\nToys,5\nToys,-2\n');
  expect((await run(['sum', '--skip-lines', '1', '--negative', 'reject'], csv)).out).toBe(
    'Department,Amount\nToys,5\n',
  );
  expect((await run(['sum', '--negative', 'count'], csv)).out).toBe('Department,Amount\nToys,3\n');
  expect((await run(['sum', '--negative', 'maybe'], csv)).code).toBe(2);
  expect((await run(['sum', '--trim', 'false'], Buffer.from('Department,Amount\n a,5\n'))).out).toContain('\n a,5\n');
});
