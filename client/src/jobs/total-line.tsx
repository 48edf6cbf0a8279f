import { formatDecimal } from '../format/decimal.ts';

/** The one number that everything is about. The more digits, the smaller they are: it stays on one line. */
export function TotalLine(props: { label: string; total: string }) {
  const digits = () => formatDecimal(props.total === '' ? '0' : props.total);
  return (
    <div class="total-line">
      <span class="total-label">{props.label}</span>
      <output class="total-digits" aria-live="off" style={{ '--digits': digits().length }}>
        {digits()}
      </output>
    </div>
  );
}
