import type { PlainFigures, PlainTotal } from '../process-csv/totals-batch.ts';

/** The totals as a JSON array of objects, in parts, a department a line. Decimals are strings, which keep every digit. */
export async function* totalsJson(pages: AsyncIterable<PlainTotal[]>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const totals of pages) {
    let text = '';
    for (const total of totals) {
      text += separator + JSON.stringify(totalObject(total));
      separator = ',\n';
    }
    yield text;
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A department as JSON has it: decimals are strings, which keep every digit. */
export function totalObject(total: PlainTotal): object {
  const { department, keys, figures } = total;
  return {
    department,
    ...(keys.length > 0 && { keys }),
    ...figuresObject(total),
    ...(figures.length > 0 && { figures: figures.map(figuresObject) }),
  };
}

function figuresObject({ sum, count, min, max, mean }: PlainFigures): object {
  return { sum, count: Number(count), min, max, mean };
}
