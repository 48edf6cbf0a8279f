/**
 * Keeps the focus in the field that it is in while a button beside it is pressed. Leaving a field changes the words below it, and
 * with them the place of the button: the click would miss it.
 */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
