import { type JSX, Show } from 'solid-js';
import { formatDecimal } from '../format/decimal.ts';
import { changeTexts } from '../result/change-columns.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { totalChange } from './comparison.ts';
import type { SideNames } from './side-names.ts';

/** The totals of both sides and how they differ: of all rows, whatever is listed below. */
export function ComparisonTotals(props: {
  here: { head: JSX.Element; total: string };
  there: { head: JSX.Element; total: string };
  names: SideNames;
}) {
  const change = () => changeTexts(totalChange(props.here.total, props.there.total));
  return (
    <dl class="panel compare-totals">
      <TotalCard head={props.here.head} digits={formatDecimal(props.here.total)} />
      <TotalCard head={props.there.head} digits={formatDecimal(props.there.total)} />
      <TotalCard
        head={
          <>
            <span>{compareTexts.difference}</span>
            <span>{compareTexts.minus(props.names.here, props.names.there)}</span>
          </>
        }
        digits={change().difference}
        detail={change().fraction}
        isDifference
      />
    </dl>
  );
}

function TotalCard(props: { head: JSX.Element; digits: string; detail?: string; isDifference?: boolean }) {
  return (
    <div class="compare-total" classList={{ 'is-difference': props.isDifference === true }}>
      <dt>{props.head}</dt>
      <dd>
        <span class="total-digits" style={{ '--digits': Math.max(props.digits.length, 8) }}>
          {props.digits}
        </span>
        <Show when={props.detail}>
          <span class="compare-percent">{props.detail}</span>
        </Show>
      </dd>
    </div>
  );
}
