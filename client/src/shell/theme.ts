/** Which colours the page has. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'tallystream.theme';

/** Reads what was chosen the last time. */
export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

/** Applies a theme and remembers it. A browser that keeps nothing still shows it. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Private windows may refuse storage.
  }
}
