import { lazy, Show } from 'solid-js';
import { useApp } from './app-state.ts';
import { JobList } from './jobs/job-list.tsx';
import { ChooseSource } from './sources/choose-source.tsx';
import { texts } from './texts.ts';
import { LazyPart } from './ui/lazy-part.tsx';
import { DropZone } from './upload/drop-zone.tsx';
import { makeSampleFile } from './upload/sample-file.ts';

// It comes with the first file, or with the first sign of a reader who may bring one.
const PreparationCard = lazy(() => import('./upload/preparation-card.tsx'));

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
          <LazyPart fallback={<p class="panel quiet">{texts.prepare.reading}</p>}>
            <PreparationCard
              preparation={preparation}
              file={file()}
              onStart={() => void startPrepared()}
              leave={{ label: texts.prepare.discard, run: preparation.discard }}
            />
          </LazyPart>
        )}
      </Show>
      <JobList />
    </div>
  );
}
