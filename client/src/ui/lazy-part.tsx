import { ErrorBoundary, type JSX, type ParentProps, Suspense } from 'solid-js';
import { texts } from '../texts.ts';
import { ErrorNotice } from './error-notice.tsx';

/**
 * Around a part of the page that is loaded when it is needed. If it cannot be had, the page must come anew: a browser does
 * not ask twice for a module.
 */
export function LazyPart(props: ParentProps<{ fallback: JSX.Element }>) {
  return (
    <ErrorBoundary
      fallback={(error) => {
        reportError(error);
        const reload = { label: texts.part.reload, run: () => location.reload() };
        return <ErrorNotice action={reload}>{texts.part.missing}</ErrorNotice>;
      }}
    >
      <Suspense fallback={props.fallback}>{props.children}</Suspense>
    </ErrorBoundary>
  );
}
