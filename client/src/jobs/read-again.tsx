import { createSignal, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { ColumnChoice } from '../upload/column-choice.tsx';
import { ColumnNames } from '../upload/column-names.tsx';
import { type CsvSettings, changeSettings, hasSameColumns, toOptions } from '../upload/csv-options.ts';
import { DialectSettings } from '../upload/dialect-settings.tsx';
import { withColumns } from '../upload/known-columns.ts';
import { settingsBefore } from './ended.ts';

/** Reads a file that is still on the server with other settings. */
export function ReadAgain(props: { job: Job }) {
  const app = useApp();
  const before = settingsBefore(props.job);
  const [settings, setSettings] = createSignal<CsvSettings>(before);
  const [isAsking, setAsking] = createSignal(false);
  const change = (change: Partial<CsvSettings>) => setSettings((known) => changeSettings(known, change));
  const hasNewColumns = () => !hasSameColumns(settings(), before);
  // Other columns are not known before the file is read again.
  const choosable = () => {
    const { dialect } = props.job;
    return dialect === undefined || hasNewColumns() ? undefined : withColumns(dialect, settings());
  };
  const run = async () => {
    if (isAsking()) return;
    setAsking(true);
    await app.retry(props.job.id, toOptions(settings(), props.job.options));
    setAsking(false);
  };
  return (
    <section class="panel" aria-labelledby="read-again">
      <h2 id="read-again">{texts.readAgain.title}</h2>
      <p class="quiet">{texts.readAgain.hint}</p>
      <Show when={choosable()} fallback={<ColumnNames settings={settings()} onChange={change} />}>
        {(dialect) => <ColumnChoice dialect={dialect()} onChange={change} />}
      </Show>
      <DialectSettings settings={settings()} dialect={props.job.dialect} doubts={props.job.doubts} onChange={change} />
      <div class="notice-actions">
        <button type="button" class="button button-primary" aria-disabled={isAsking()} onClick={() => void run()}>
          {texts.readAgain.run}
        </button>
      </div>
    </section>
  );
}
