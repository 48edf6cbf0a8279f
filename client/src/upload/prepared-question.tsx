import { For, Show } from 'solid-js';
import type { Column } from '#gen/tallystream/v1/processor_pb.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { chooseAmount, chooseGroup } from '../question/question-parts.ts';
import { type AddFilter, QuestionSentence } from '../question/question-sentence.tsx';
import { texts } from '../texts.ts';
import { preparationTexts, questionTexts } from '../texts-of-questions.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { sizeOfChosen } from './chosen-file.ts';
import { columnName } from './csv-options.ts';
import type { Preparation } from './preparation.ts';

/** The question about a file before its start, and all that must be known about it. */
export function PreparedQuestion(props: {
  preparation: Preparation;
  /** The parts of a link that could not be taken over, in words. */
  notes?: readonly string[];
  ref?: (add: AddFilter) => void;
}) {
  const { preparation } = props;
  const doubts = () => preparation.found()?.doubts ?? [];
  const isDoubted = (code: string) => doubts().some((doubt) => doubt.code === code);
  /** A column that was found, and that the reader can make their choice. */
  const foundColumn = (index: number | undefined) =>
    preparation.found()?.dialect?.columns.find((column) => column.index === index);
  const amount = () => foundColumn(preparation.found()?.dialect?.amountIndex);
  const group = () => foundColumn(preparation.found()?.dialect?.departmentIndex);

  /** Makes a choice of what was found: then there is no doubt about it. */
  function confirm(part: 'amount' | 'group', column: Column): void {
    const dialect = preparation.found()?.dialect;
    if (dialect === undefined || preparation.isReading()) return;
    const choose = part === 'amount' ? chooseAmount : chooseGroup;
    // The button goes with its doubt.
    document.querySelector<HTMLElement>(`[data-part="${part}-0"]`)?.focus();
    preparation.change(choose(preparation.settings(), dialect, 0, column));
  }

  const lookAgain = () =>
    isEmpty(preparation) ? undefined : { label: preparationTexts.again, run: preparation.lookAgain };
  return (
    <>
      <For each={props.notes}>
        {(note) => (
          <p class="notice" data-tone="warning">
            {note}
          </p>
        )}
      </For>
      {/* It stays where it cannot be answered: there it is mended. */}
      <Show when={preparation.columns()}>
        {(dialect) => (
          <Show when={preparation.found()}>
            {(found) => (
              <QuestionSentence
                found={found()}
                dialect={dialect()}
                question={preparation.settings()}
                onChange={preparation.change}
                onUnread={preparation.hold}
                {...(props.ref && { ref: props.ref })}
              />
            )}
          </Show>
        )}
      </Show>
      <Show when={preparation.isRecalled() && preparation.columns()}>
        <p class="recalled" role="status">
          {questionTexts.asLastTime}{' '}
          <button type="button" class="link-button" onClick={preparation.forgetRecalled}>
            {questionTexts.forget}
          </button>
        </p>
      </Show>
      <Show when={preparation.error() !== ''}>
        <ErrorNotice action={lookAgain()}>{preparation.error()}</ErrorNotice>
      </Show>
      {/* Doubts of earlier settings would contradict the error. */}
      <Show when={preparation.error() === ''}>
        <DoubtList title={texts.doubts.titleBefore} doubts={doubts()}>
          <Show when={isDoubted('AMOUNT_COLUMN_UNCERTAIN') && amount()}>
            {(known) => (
              <button
                type="button"
                class="button"
                aria-disabled={preparation.isReading()}
                onClick={() => confirm('amount', known())}
              >
                {questionTexts.yesAmount(columnName(known()))}
              </button>
            )}
          </Show>
          <Show when={isDoubted('DEPARTMENT_COLUMN_UNCERTAIN') && group()}>
            {(known) => (
              <button
                type="button"
                class="button"
                aria-disabled={preparation.isReading()}
                onClick={() => confirm('group', known())}
              >
                {questionTexts.yesGroup(columnName(known()))}
              </button>
            )}
          </Show>
        </DoubtList>
      </Show>
    </>
  );
}

/** Whether there is nothing in the file that is looked at: it stays empty. */
export function isEmpty(preparation: Preparation): boolean {
  const file = preparation.file();
  return file !== undefined && sizeOfChosen(file) === 0;
}
