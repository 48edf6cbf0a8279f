import '../styles/preparation.css';
import { createEffect, on, Show } from 'solid-js';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import type { AddFilter } from '../question/question-sentence.tsx';
import { preparationTexts } from '../texts-of-questions.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { type ChosenFile, isOnServer, pathOfSource, sizeOfChosen } from './chosen-file.ts';
import { type Preparation, sampleBytes } from './preparation.ts';
import { PreparedFile } from './prepared-file.tsx';
import { PreparedQuestion } from './prepared-question.tsx';

/** A file before its start. The focus goes to its name. */
export default function PreparationCard(props: {
  preparation: Preparation;
  file: ChosenFile;
  /** The parts of a link that could not be taken over, in words. */
  notes?: readonly string[];
  onStart: () => void;
  /** Leaves without a start. */
  leave: { label: string; run(): void };
}) {
  const { preparation } = props;
  let heading!: HTMLHeadingElement;
  let addFilter: AddFilter = () => {};
  createEffect(
    on(
      () => props.file,
      () => heading.focus(),
    ),
  );
  return (
    <section class="panel preparation" aria-busy={preparation.isReading()}>
      <header class="preparation-head">
        <Icon name="file" />
        <div>
          <h1 ref={heading} tabindex={-1}>
            {props.file.name}
          </h1>
          <p class="quiet preparation-about">{describeFile(props.file, preparation).join(' · ')}</p>
        </div>
      </header>

      <PreparedQuestion
        preparation={preparation}
        notes={props.notes ?? []}
        ref={(add) => {
          addFilter = add;
        }}
      />

      {/* It stands below all the rest, and is reached before it: most questions need no look at every setting. */}
      <footer class="preparation-foot">
        <Show when={preparation.startError() !== ''}>
          <ErrorNotice>{preparation.startError()}</ErrorNotice>
        </Show>
        <Show when={preparation.waiting() > 0}>
          <span class="quiet">{preparationTexts.more(preparation.waiting())}</span>
        </Show>
        <button
          type="button"
          class="button button-primary"
          aria-disabled={!preparation.canStart()}
          onClick={() => preparation.canStart() && props.onStart()}
        >
          {preparation.isStarting() ? preparationTexts.starting : preparationTexts.start}
        </button>
        <button type="button" class="button" aria-disabled={preparation.isStarting()} onClick={() => props.leave.run()}>
          {props.leave.label}
        </button>
      </footer>

      <PreparedFile preparation={preparation} onFilter={(column) => addFilter(column)} />
    </section>
  );
}

/** The facts about a file under its name: how large it is, where it is, and how much of it has left this computer. */
function describeFile(file: ChosenFile, preparation: Preparation): string[] {
  if (!isOnServer(file)) {
    return [formatBytes(file.size), ...(file.size > sampleBytes ? [preparationTexts.nothingSent] : [])];
  }
  const found = preparation.found();
  const size = found && found.sourceBytes > 0n ? found.sourceBytes : sizeOfChosen(file);
  const files = found?.sourceFiles ?? 0;
  return [
    ...(size === undefined ? [] : [formatBytes(size)]),
    ...(files > 1 ? [preparationTexts.files(formatCount(files))] : []),
    ...[pathOfSource(file.source)].filter((path) => path !== ''),
    preparationTexts.onServer,
  ];
}
