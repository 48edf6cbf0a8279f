import { createMemo, type JSX, Show } from 'solid-js';
import { formatCount } from '../format/count.ts';
import { type Group, groupName } from '../groups/groups.ts';
import { debounce } from '../reactive/debounce.ts';
import { copyTable, csvOf } from '../result/copied-totals.ts';
import { CopyTable } from '../result/copy-table.tsx';
import { texts } from '../texts.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { Icon } from '../ui/icon.tsx';
import { saveFile } from '../ui/save-file.ts';
import { SearchField } from '../ui/search-field.tsx';
import type { CompareView } from './compare-view.ts';
import { type Comparison, countSides } from './comparison.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { comparisonCells } from './copied-comparison.ts';
import { searchRows, sortRows, usualOrder } from './order.ts';
import type { SideNames } from './side-names.ts';

const searchDelayMs = 200;
/** More than anybody pastes; the CSV has all of them. */
const mostCopied = 10_000;

/** The groups of two sides, with what can be done with their list. */
export function ComparisonPanel(props: {
  comparison: Comparison;
  /** Whether the groups are those that a search has found already. */
  isSearched: boolean;
  /** Whether others are on their way. */
  isLoading: boolean;
  groups: readonly Group[];
  /** The names of the amounts: where both sides have not the same, there are two. */
  amounts: SideNames;
  names: SideNames;
  view: CompareView;
  onView: (change: CompareView) => void;
  /** Said above the list. */
  children?: JSX.Element;
}) {
  const search = () => props.view.search ?? '';
  const order = () => props.view.order ?? usualOrder;
  const found = createMemo(() =>
    props.isSearched ? props.comparison.rows : searchRows(props.comparison.rows, search()),
  );
  const rows = createMemo(() => sortRows(found(), order()));
  const sides = createMemo(() => countSides(found()));
  const groups = () => props.groups.map(groupName).join(' · ');
  const amount = () => {
    const { here, there } = props.amounts;
    return here.toLowerCase() === there.toLowerCase() ? here : compareTexts.amountsOf(here, there);
  };
  const caption = () =>
    props.groups.length === 0 ? compareTexts.captionOfTotal(amount()) : compareTexts.caption(amount(), groups());
  const counts = () => {
    if (props.isLoading) return texts.totals.searching;
    const { both, here, there } = sides();
    const { counts: words } = compareTexts;
    return [
      compareTexts.found(formatCount(rows().length)),
      ...(here + there > 0 ? [words.both(formatCount(both))] : []),
      ...(here > 0 ? [words.only(formatCount(here), props.names.here)] : []),
      ...(there > 0 ? [words.only(formatCount(there), props.names.there)] : []),
    ].join(' · ');
  };
  const applySearch = debounce((text: string) => props.onView({ search: text }), searchDelayMs);

  const cells = (most?: number) => {
    const { here, there } = props.names;
    const heads = [
      ...props.groups.map(groupName),
      compareTexts.amountOf(props.amounts.here, here),
      compareTexts.amountOf(props.amounts.there, there),
      compareTexts.difference,
      compareTexts.changeHead,
    ];
    return comparisonCells(props.comparison, rows().slice(0, most), heads);
  };
  const copied = () => {
    const [all, part] = [rows().length, Math.min(rows().length, mostCopied)].map(formatCount);
    if (rows().length <= mostCopied) return texts.totals.copied(all ?? '');
    return compareTexts.copiedPart(part ?? '', all ?? '');
  };
  const save = () => {
    const { here, there } = props.names;
    saveFile(new Blob([csvOf(cells())], { type: 'text/csv' }), compareTexts.filename(here, there));
  };
  return (
    <section class="panel totals compare-panel" aria-labelledby="comparison">
      <header class="totals-tools">
        <h2 id="comparison">{caption()}</h2>
        <Show when={props.groups.length > 0}>
          <SearchField label={compareTexts.search(groups())} value={search()} onInput={applySearch} />
        </Show>
        <CopyTable label={texts.totals.copy} table={async () => copyTable(cells(mostCopied))} copied={copied} />
        <button type="button" class="button" aria-label={compareTexts.csvName} onClick={save}>
          <Icon name="download" />
          {compareTexts.csv}
        </button>
      </header>
      {props.children}
      <Show when={props.groups.length > 0}>
        <p class="quiet compare-counts" role="status">
          {counts()}
        </p>
      </Show>
      <ComparisonTable
        caption={caption()}
        comparison={props.comparison}
        rows={rows()}
        isLoading={props.isLoading}
        names={{ ...props.names, groups: groups() }}
        order={order()}
        onOrder={(next) => props.onView({ order: next })}
      />
      <Show when={rows().length === 0 && search() !== ''}>
        <p class="quiet totals-none">{compareTexts.none(search())}</p>
      </Show>
    </section>
  );
}
