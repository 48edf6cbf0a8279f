/** Where the keys that undo are for the text. */
const textFields = 'textarea, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="file"])';

/** The keys that undo, for assistive technology. */
export const undoKeys = 'Control+Z Meta+Z';

/** The keys that undo, as this system writes them. */
export const undoWord = /Mac|iP/.test(navigator.platform) ? '⌘Z' : 'Ctrl+Z';

/** Whether a reader asks by keyboard to have the last action undone, and not the last change of a text. */
export function isUndo(event: KeyboardEvent): boolean {
  const isPressed = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
  if (!isPressed || event.shiftKey || event.altKey || event.repeat) return false;
  return !(event.target instanceof Element && event.target.matches(textFields));
}
