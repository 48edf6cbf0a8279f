import { Show } from 'solid-js';
import { useApp } from '../app-state.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';

/** Asks for a message of the system at the end of jobs, for readers who go on to something else meanwhile. */
export function NotifyButton() {
  const { endNotifications } = useApp();
  return (
    <Show when={endNotifications.canAsk()}>
      <button
        type="button"
        class="button button-quiet notify"
        aria-pressed={endNotifications.isOn()}
        onClick={() => void endNotifications.toggle()}
      >
        <Icon name={endNotifications.isOn() ? 'check' : 'bell'} />
        {endNotifications.isOn() ? texts.notify.on : texts.notify.ask}
      </button>
    </Show>
  );
}
