import { createMemo } from 'solid-js';
import { needsRareSetting } from '../jobs/doubts.ts';
import { texts } from '../texts.ts';
import { preparationTexts } from '../texts-of-questions.ts';
import { LabelledInput } from '../ui/labelled-input.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import type { SettingsProps } from './dialect-settings.tsx';
import { encodings, listChoices } from './setting-choices.ts';

const mostSkippedLines = 1000;

/** Settings that are rarely needed: open once one of them is set, or a doubt names one. */
export function MoreSettings(props: SettingsProps) {
  const words = texts.prepare;
  // It stays open: a setting must not vanish under the hand that takes it back.
  const isNeeded = createMemo((wasNeeded: boolean) => {
    const { groupSeparator, quote, encoding, skipLines } = props.settings;
    const isSet = [groupSeparator, quote, encoding, skipLines].some((value) => value !== '');
    return wasNeeded || isSet || needsRareSetting(props.doubts);
  }, false);
  const groupFound = () =>
    props.dialect && (preparationTexts.groups[props.dialect.groupSeparator || 'none'] ?? props.dialect.groupSeparator);
  const quoteFound = () => props.dialect && (words.quotes[props.dialect.quote || 'none'] ?? props.dialect.quote);
  const skipFound = () => (props.dialect ? String(props.dialect.skipLines) : '');
  return (
    <details class="more-settings" open={isNeeded()}>
      <summary>{preparationTexts.moreSettings}</summary>
      <div class="dialect">
        <LabelledSelect
          label={words.group}
          value={props.settings.groupSeparator}
          options={listChoices(preparationTexts.groups, props.settings.groupSeparator, groupFound()?.toLowerCase())}
          onChange={(groupSeparator) => props.onChange({ groupSeparator })}
        />
        <LabelledSelect
          label={words.quote}
          value={props.settings.quote}
          options={listChoices(words.quotes, props.settings.quote, quoteFound()?.toLowerCase())}
          onChange={(quote) => props.onChange({ quote })}
        />
        <LabelledSelect
          label={words.encoding}
          value={props.settings.encoding}
          options={listChoices(encodings, props.settings.encoding, props.dialect?.encoding.toUpperCase())}
          onChange={(encoding) => props.onChange({ encoding })}
        />
        <LabelledInput
          label={words.skipLines}
          type="number"
          min={0}
          max={mostSkippedLines}
          value={props.settings.skipLines}
          placeholder={preparationTexts.automatic(skipFound())}
          onChange={(skipLines) => props.onChange({ skipLines })}
        />
      </div>
    </details>
  );
}
