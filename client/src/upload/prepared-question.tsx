import { For, Show } from 'solid-js';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { type AddFilter, QuestionSentence } from '../question/question-sentence.tsx';
import { texts } from '../texts.ts';
import { preparationTexts, questionTexts } from '../texts-of-questions.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { sizeOfChosen } from './chosen-file.ts';
import type { Preparation } from './preparation.ts';

/** The question about a file before its start, and all that must be known about it. */
export function PreparedQuestion(props: {
  preparation: Preparation;
  /** The parts of a link that could not be taken over, in words. */
  notes?: readonly string[];
  ref?: (add: AddFilter) => void;
}) {
  const { preparation } = props;
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
        <DoubtList title={texts.doubts.titleBefore} doubts={preparation.found()?.doubts ?? []} />
      </Show>
    </>
  );
}

/** Whether there is nothing in the file that is looked at: it stays empty. */
export function isEmpty(preparation: Preparation): boolean {
  const file = preparation.file();
  return file !== undefined && sizeOfChosen(file) === 0;
}
