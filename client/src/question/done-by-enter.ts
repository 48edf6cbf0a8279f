/** Takes Enter for the end of an input. The key must not press the button that gets the focus next. */
export function doneByEnter(event: KeyboardEvent, done: () => void): void {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  done();
}
