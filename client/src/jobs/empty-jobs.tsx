import { createSignal } from 'solid-js';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';

const copiedMs = 2000;

/** Advice while there are no jobs. */
export function EmptyJobs() {
  const command = `curl -T sales.csv '${location.origin}/upload?filename=sales.csv'`;
  const [isCopied, setCopied] = createSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    setTimeout(() => setCopied(false), copiedMs);
  };
  return (
    <div class="empty">
      <h3>{texts.jobs.emptyTitle}</h3>
      <p>{texts.jobs.empty}</p>
      <div class="command">
        <code>{command}</code>
        {/* Without a secure context there is no clipboard to write to. */}
        {isSecureContext && (
          <button type="button" class="button button-quiet" onClick={() => void copy()}>
            <Icon name={isCopied() ? 'check' : 'copy'} />
            <span aria-live="polite">{isCopied() ? texts.jobs.copied : texts.jobs.copy}</span>
          </button>
        )}
      </div>
    </div>
  );
}
