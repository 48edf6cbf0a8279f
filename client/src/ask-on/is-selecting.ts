/** Whether a click ends the selection of a text, to copy it: such a click asks for nothing. */
export function isSelecting(): boolean {
  return getSelection()?.isCollapsed === false;
}
