import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';
import { LabelledSelect } from './labelled-select.tsx';

/** Encodings worth offering beside what is detected. */
const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
];

function listed(words: Record<string, string>) {
  return Object.entries(words).map(([value, text]) => ({ value, text }));
}

/** How the file is written: as detected, until the reader knows better. */
export function DialectSettings(props: { dialect: Dialect | undefined }) {
  const { preparation } = useApp();
  const settings = preparation.settings;
  const words = texts.prepare;
  const automatic = (chosen: string, found: string | undefined) => ({
    value: '',
    text: words.automatic(chosen === '' ? (found ?? '') : ''),
  });
  return (
    <div class="dialect">
      <LabelledSelect
        label={words.delimiter}
        value={settings().delimiter}
        options={[
          automatic(
            settings().delimiter,
            words.delimiterNames[props.dialect?.delimiter ?? ''] ?? props.dialect?.delimiter,
          ),
          ...listed(words.delimiters),
        ]}
        onChange={(delimiter) => preparation.change({ delimiter })}
      />
      <LabelledSelect
        label={words.decimal}
        value={settings().decimalSeparator}
        options={[
          automatic(settings().decimalSeparator, words.decimalNames[props.dialect?.decimalSeparator ?? '']),
          ...listed(words.decimals),
        ]}
        onChange={(decimalSeparator) => preparation.change({ decimalSeparator })}
      />
      <LabelledSelect
        label={words.encoding}
        value={settings().encoding}
        options={[
          automatic(settings().encoding, props.dialect?.encoding.toUpperCase()),
          ...encodings.map((value) => ({ value, text: value.toUpperCase() })),
        ]}
        onChange={(encoding) => preparation.change({ encoding })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={props.dialect?.hasHeader ?? settings().header === 'true'}
          onChange={(event) => preparation.change({ header: event.currentTarget.checked ? 'true' : 'false' })}
        />
        {words.header}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={settings().allowNegative}
          onChange={(event) => preparation.change({ allowNegative: event.currentTarget.checked })}
        />
        {words.negative}
      </label>
    </div>
  );
}
