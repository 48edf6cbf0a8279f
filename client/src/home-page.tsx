import { Show } from 'solid-js';
import { useApp } from './app-state.ts';
import { JobList } from './jobs/job-list.tsx';
import { ChooseSource } from './sources/choose-source.tsx';
import { texts } from './texts.ts';
import { DropZone } from './upload/drop-zone.tsx';
import { PreparationCard } from './upload/preparation-card.tsx';
import { makeSampleFile } from './upload/sample-file.ts';

/** The first page: bring a file, and see all that came before. */
export function HomePage() {
  const { preparation, jobs, startPrepared } = useApp();
  return (
    <div class="page">
      <Show
        when={preparation.file()}
        fallback={
          <section class="hero">
            <h1 tabindex={-1}>{texts.drop.title}</h1>
            <p class="lead">{texts.drop.intro}</p>
            <DropZone onFiles={preparation.add} />
            <ChooseSource />
            <Show when={jobs.isLoaded() && jobs.ids().length === 0}>
              <button
                type="button"
                class="button button-quiet"
                onClick={() => void makeSampleFile().then((file) => preparation.add([file]))}
              >
                {texts.drop.sample}
              </button>
            </Show>
          </section>
        }
      >
        {(file) => (
          <PreparationCard
            preparation={preparation}
            file={file()}
            onStart={() => void startPrepared()}
            leave={{ label: texts.prepare.discard, run: preparation.discard }}
          />
        )}
      </Show>
      <JobList />
    </div>
  );
}
