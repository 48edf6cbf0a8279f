/** A head that is longer is cut off after two lines of so many characters, if not of fewer. */
const longestLine = 20;

/** How many characters wide a head is that may stand on two lines. */
export function headWidth(head: string, most = longestLine): number {
  const words = head.split(' ');
  const lengths = words.map((_, at) => {
    const [first, second] = [words.slice(0, at + 1).join(' '), words.slice(at + 1).join(' ')];
    return Math.max(first.length, second.length);
  });
  return Math.min(most, ...lengths);
}
