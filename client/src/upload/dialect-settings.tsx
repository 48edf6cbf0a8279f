import type { Dialect, Doubt } from '#gen/tallystream/v1/processor_pb.ts';
import { texts } from '../texts.ts';
import { preparationTexts } from '../texts-of-questions.ts';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import type { CsvSettings } from './csv-options.ts';
import { MoreSettings } from './more-settings.tsx';
import { listChoices } from './setting-choices.ts';

/** The properties of components that set how a file is read. */
export interface SettingsProps {
  settings: CsvSettings;
  /** The detected dialect; undefined until it is known. */
  dialect: Dialect | undefined;
  /** Their advice must be at hand. */
  doubts: readonly Doubt[];
  onChange: (change: Partial<CsvSettings>) => void;
}

/** How the file is written: as detected, until the reader knows better. */
export function DialectSettings(props: SettingsProps) {
  const words = texts.prepare;
  const headerFound = () => props.dialect && words.headers[String(props.dialect.hasHeader)];
  return (
    <div class="dialect">
      <LabelledSelect
        label={words.delimiter}
        value={props.settings.delimiter}
        options={listChoices(
          preparationTexts.delimiters,
          props.settings.delimiter,
          words.delimiterNames[props.dialect?.delimiter ?? ''] ?? props.dialect?.delimiter,
        )}
        onChange={(delimiter) => props.onChange({ delimiter })}
      />
      <LabelledSelect
        label={words.decimal}
        value={props.settings.decimalSeparator}
        options={listChoices(
          preparationTexts.decimals,
          props.settings.decimalSeparator,
          words.decimalNames[props.dialect?.decimalSeparator ?? ''],
        )}
        onChange={(decimalSeparator) => props.onChange({ decimalSeparator })}
      />
      <LabelledSelect
        label={words.header}
        value={props.settings.header}
        options={listChoices(words.headers, props.settings.header, headerFound()?.toLowerCase())}
        onChange={(header) => props.onChange({ header: header as CsvSettings['header'] })}
      />
      <LabelledSelect
        label={words.negative}
        value={props.settings.negativeAmounts || 'count'}
        options={Object.entries(words.negatives).map(([value, text]) => ({ value, text }))}
        onChange={(chosen) => props.onChange({ negativeAmounts: chosen === 'reject' ? 'reject' : '' })}
      />
      <MoreSettings {...props} />
    </div>
  );
}
