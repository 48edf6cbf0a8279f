import { Output, OutputClosed, OutputError } from '../../terminal/output.ts';
import { createProgress } from '../../terminal/progress.ts';
import { createRowSource, type RowSource } from './row-source.ts';
import { HELP, readSettings, type Settings, SettingsError } from './settings.ts';
import { truthToCsv } from './truth.ts';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

try {
  const settings = readSettings(process.argv.slice(2));
  if (settings) generate(settings);
  else process.stdout.write(HELP);
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof OutputError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof SettingsError ? EXIT_USAGE : EXIT_FAILURE;
}

function generate({ source: options, out, totals }: Settings): void {
  const source = createRowSource(options);
  const start = performance.now();
  try {
    writeAll(source, options.rows ?? 0, options.sizeBytes ?? 0, out);
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
  const seconds = (performance.now() - start) / 1000;
  if (totals) writeTruth(source, totals);
  const speed = source.bytes / 1e6 / seconds;
  console.error(
    `${source.rows.toLocaleString('en')} rows, ${source.bytes.toLocaleString('en')} bytes in ${seconds.toFixed(1)} s, ${speed.toFixed(0)} MB/s`,
  );
}

function writeAll(source: RowSource, rows: number, sizeBytes: number, out: string): void {
  using output = new Output(out);
  using progress = createProgress();
  for (const chunk of source) {
    output.write(chunk);
    const share = sizeBytes > 0 ? source.bytes / sizeBytes : source.rows / rows;
    progress.update(Math.min(share, 1), `${(source.bytes / 1e6).toFixed(0)} MB`);
  }
}

function writeTruth(source: RowSource, path: string): void {
  const truth = source.truth();
  const text = path.endsWith('.csv') ? truthToCsv(truth) : `${JSON.stringify(truth, undefined, 2)}\n`;
  using output = new Output(path);
  output.write(Buffer.from(text));
}
