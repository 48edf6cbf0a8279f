import { ErrorBoundary, type JSX, type ParentProps, Suspense } from 'solid-js';
import { texts } from '../texts.ts';

/**
 * Around a part of the page that is loaded when it is needed. If it cannot be had, the page must come anew: a browser does
 * not ask twice for a module.
 */
export function LazyPart(props: ParentProps<{ fallback: JSX.Element }>) {
  return (
    <ErrorBoundary
      fallback={(error) => {
        reportError(error);
        return (
          <div class="notice" data-tone="bad" role="alert">
            <p>{texts.part.missing}</p>
            <div class="notice-actions">
              <button type="button" class="button" onClick={() => location.reload()}>
                {texts.part.reload}
              </button>
            </div>
          </div>
        );
      }}
    >
      <Suspense fallback={props.fallback}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}
