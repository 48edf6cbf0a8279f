import { formatDecimal } from '../lib/decimal.ts';

/** The one number that everything is about. Long ones get smaller letters instead of a second line. */
export function TotalLine(props: { label: string; total: string }) {
  const digits = () => formatDecimal(props.total === '' ? '0' : props.total);
  return (
    <div class="total-line">
      <span class="total-label">{props.label}</span>
      <output class="total-digits" aria-live="off" data-length={digits().length > 22 ? 'long' : undefined}>
        {digits()}
      </output>
    </div>
  );
}
