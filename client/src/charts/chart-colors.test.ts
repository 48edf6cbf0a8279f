import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];

const tokens = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');

function colorOf(name: string, theme: 0 | 1): Rgb {
  const pair = new RegExp(`${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens);
  const hex = pair?.[theme + 1] ?? '';
  return [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as unknown as Rgb;
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
/** The contrast of WCAG 2.2. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** How readers see a colour: Machado, Oliveira and Fernandes 2009, at full severity. */
const visions: Record<string, readonly (readonly number[])[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour in OKLab, in which distances are those that are seen. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(Math.max(0, 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b));
  const m = Math.cbrt(Math.max(0, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b));
  const s = Math.cbrt(Math.max(0, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b));
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const series = [1, 2, 3, 4, 5, 6].map((number) => `--series-${number}`);

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the lines of a chart in the %s theme', (_, theme) => {
  it.each([...series, '--series-others', '--line-strong'])('%s stands out from what is behind it', (name) => {
    expect(contrast(colorOf(name, theme), colorOf('--surface', theme))).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(visions))('are told apart: %s', (vision) => {
    const seen = series.map((name) => {
      const color = colorOf(name, theme);
      return oklab(visions[vision]!.map((row) => row.reduce((sum, part, at) => sum + part * color[at]!, 0)) as never);
    });
    const close = seen.flatMap((one, place) =>
      seen
        .slice(place + 1)
        .map((other, more) => [
          `${place + 1} and ${place + more + 2}`,
          Math.hypot(...one.map((part, at) => part - other[at]!)),
        ])
        .filter(([, distance]) => Number(distance) < 0.1),
    );
    expect(close).toEqual([]);
  });
});
