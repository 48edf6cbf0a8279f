import { createSignal } from 'solid-js';
import { texts } from '../texts.ts';
import { applyTheme, storedTheme, type Theme } from './theme.ts';

/** Chooses between the colours of the system, light and dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = createSignal(storedTheme());
  applyTheme(theme());
  return (
    <select
      class="theme-switch"
      aria-label={texts.app.theme.label}
      value={theme()}
      onChange={(event) => {
        const chosen = event.currentTarget.value as Theme;
        setTheme(chosen);
        applyTheme(chosen);
      }}
    >
      <option value="system">{texts.app.theme.system}</option>
      <option value="light">{texts.app.theme.light}</option>
      <option value="dark">{texts.app.theme.dark}</option>
    </select>
  );
}
