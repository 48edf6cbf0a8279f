const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const plain = link?.href ?? '';

/** Shows how far something is in the icon of the tab, from 0 to 1; undefined for the plain icon. */
export function showProgressIcon(fraction: number | undefined): void {
  if (link !== null) link.href = fraction === undefined ? plain : drawProgress(fraction);
}

/** A ring that closes clockwise from the top. */
function drawProgress(fraction: number): string {
  const around = 2 * Math.PI * 11;
  const ring = (color: string, length: number) =>
    `<circle cx="16" cy="16" r="11" stroke="${color}" stroke-dasharray="${length} ${around}"/>`;
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-width="6">' +
    '<rect width="32" height="32" rx="8" fill="#0e7a68"/>' +
    `<g transform="rotate(-90 16 16)">${ring('#ffffff55', around)}${ring('#fff', around * fraction)}</g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
