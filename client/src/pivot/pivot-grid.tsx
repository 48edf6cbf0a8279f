// biome-ignore-all lint/a11y: a grid of windows onto rows and columns: the layout changes `display`, and its cells are reached through the grid.
import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { isSelecting } from '../ask-on/is-selecting.ts';
import { formatDecimal } from '../format/decimal.ts';
import { changeOf } from '../groups/changes.ts';
import { keyLabel } from '../groups/key-label.ts';
import { markScrollEdges } from '../reactive/scroll-edges.ts';
import { changeTexts } from '../result/change-columns.ts';
import { resultTexts } from '../texts-of-results.ts';
import { heatOf, type Pivot, pivotText } from './pivot.ts';
import { pivotWidths } from './pivot-widths.ts';
import { splitName } from './split-name.ts';
import { linesInSight, offsetFor } from './window.ts';

const words = resultTexts.pivot;
/** Rows and columns that are drawn beyond what is in sight: a quick scroll meets no empty ones. */
const around = { rows: 8, columns: 3 };

/** A cell: row 0 is the head, column 0 the names; behind the last of both stand the totals. */
interface Place {
  row: number;
  column: number;
}

/** The rows and columns of a pivot. Only those in sight are in the document; arrow keys go from cell to cell. */
export function PivotGrid(props: {
  pivot: Pivot;
  caption: string;
  rowName: string;
  /** The key of the column that the rows are sorted by; undefined if they are by none. */
  sortedBy: string | undefined;
  /** Gives the column that cells have their changes to; undefined if they have none. */
  changesTo: ((column: string) => string | undefined) | undefined;
  /** Offers questions about a row, a column, or a cell of both. */
  onAsk: ((row: string | undefined, column: string | undefined, place: DOMRect) => void) | undefined;
}) {
  const [scrolled, setScrolled] = createSignal({ left: 0, top: 0, width: 0, height: 0 });
  const [sizes, setSizes] = createSignal({ cell: 0, row: 0, name: 0, total: 0 });
  const [active, setActive] = createSignal<Place>({ row: 0, column: 0 });
  let scroller!: HTMLDivElement;
  markScrollEdges(() => scroller);
  let grid!: HTMLTableElement;
  let probes!: HTMLSpanElement;

  const follow = () => {
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = scroller;
    setScrolled({ left, top, width, height });
  };
  onMount(() => {
    const measure = () => {
      const [cell, name, total] = [...probes.children].map((probe) => probe.getBoundingClientRect());
      setSizes({ cell: cell?.width ?? 0, row: cell?.height ?? 0, name: name?.width ?? 0, total: total?.width ?? 0 });
      follow();
    };
    const observer = new ResizeObserver(measure);
    for (const element of [scroller, ...probes.children]) observer.observe(element);
    onCleanup(() => observer.disconnect());
    measure();
  });

  const { rows, columns } = { rows: () => props.pivot.rows, columns: () => props.pivot.columns };
  const widths = createMemo(() => pivotWidths(props.pivot, props.rowName));
  const text = (units: bigint) => formatDecimal(pivotText(props.pivot, units));
  const changeText = (units: bigint | undefined, before: bigint | undefined) => {
    if (units === undefined || before === undefined) return undefined;
    const { decimals } = props.pivot;
    return changeTexts(changeOf({ units, decimals }, { units: before, decimals }));
  };
  const sumOfColumn = createMemo(() => new Map(columns().map(({ key, units }) => [key, units])));
  const seenRows = createMemo(() =>
    linesInSight(scrolled().top, scrolled().height, sizes().row, rows().length, around.rows),
  );
  const seenColumns = createMemo(() =>
    linesInSight(scrolled().left, scrolled().width, sizes().cell, columns().length, around.columns),
  );
  const rowIndexes = createMemo(() => range(seenRows().from, seenRows().to));
  const columnIndexes = createMemo(() => range(seenColumns().from, seenColumns().to));

  const last = () => ({ row: rows().length + 1, column: columns().length + 1 });
  const idOf = ({ row, column }: Place) => `pivot-${row}-${column}`;
  const isActive = (row: number, column: number) => active().row === row && active().column === column;

  function goTo({ row, column }: Place): void {
    const place = {
      row: Math.max(0, Math.min(last().row, row)),
      column: Math.max(0, Math.min(last().column, column)),
    };
    setActive(place);
    const { cell, row: height, name, total } = sizes();
    const isLine = (at: number, end: number) => at > 0 && at < end;
    if (isLine(place.row, last().row)) {
      // The head and the totals stand before the rows.
      scroller.scrollTop = offsetFor(place.row - 1, height, scroller.scrollTop, scroller.clientHeight - 2 * height);
    }
    if (isLine(place.column, last().column)) {
      const isTotalSticky = getComputedStyle(scroller).getPropertyValue('--total-right') !== 'auto';
      const room = scroller.clientWidth - name - (isTotalSticky ? total : 0);
      scroller.scrollLeft = offsetFor(place.column - 1, cell, scroller.scrollLeft, room);
    } else if (place.column > 0) scroller.scrollLeft = scroller.scrollWidth;
    follow();
  }

  function ask({ row, column }: Place): void {
    const [ofRow, ofColumn] = [rows()[row - 1]?.key, columns()[column - 1]?.key];
    const cell = document.getElementById(idOf({ row, column }));
    if (cell === null || (ofRow === undefined && ofColumn === undefined)) return;
    props.onAsk?.(ofRow, ofColumn, cell.getBoundingClientRect());
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    const { row, column } = active();
    const page = Math.max(1, Math.floor(scrolled().height / (sizes().row || 1)) - 3);
    const end = event.ctrlKey ? last().row : row;
    const moves: Record<string, Place> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      PageUp: { row: row - page, column },
      PageDown: { row: row + page, column },
      Home: { row: event.ctrlKey ? 0 : row, column: 0 },
      End: { row: end, column: last().column },
    };
    const move = moves[event.key];
    if (move !== undefined) goTo(move);
    else if (event.key === 'Enter' || event.key === ' ') ask(active());
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-place]');
    const [row, column] = (cell?.dataset['place'] ?? '').split(' ').map(Number);
    if (row === undefined || column === undefined || Number.isNaN(row)) return;
    setActive({ row, column });
    if (!isSelecting()) ask({ row, column });
  };

  /** A line of cells: names or totals at both ends, and between them the columns in sight. */
  const line = (row: number, first: JSX.Element, cells: (index: number) => JSX.Element, end: JSX.Element) => (
    <>
      <Cell place={{ row, column: 0 }} active={isActive(row, 0)} role={row === 0 ? 'columnheader' : 'rowheader'} isName>
        {first}
      </Cell>
      <span class="pivot-space" style={{ width: `${seenColumns().from * sizes().cell}px` }} />
      <For each={columnIndexes()}>{cells}</For>
      <span class="pivot-space" style={{ width: `${(columns().length - seenColumns().to) * sizes().cell}px` }} />
      <Cell
        place={{ row, column: last().column }}
        active={isActive(row, last().column)}
        role={row === 0 ? 'columnheader' : 'gridcell'}
        isTotal
      >
        {end}
      </Cell>
    </>
  );

  return (
    <div
      class="pivot-scroll"
      classList={{ 'is-askable': props.onAsk !== undefined, 'has-changes': props.changesTo !== undefined }}
      ref={scroller}
      onScroll={follow}
      style={{
        '--cell': `${widths().cell}ch`,
        '--name': `${widths().name}ch`,
        '--total': `${widths().total}ch`,
      }}
    >
      <span class="pivot-probes" aria-hidden="true" ref={probes}>
        <span class="pivot-cell" />
        <span class="pivot-cell pivot-name" />
        <span class="pivot-cell pivot-total" />
      </span>
      <table
        ref={grid}
        role="grid"
        tabindex={0}
        aria-label={props.caption}
        aria-rowcount={last().row + 1}
        aria-colcount={last().column + 1}
        aria-activedescendant={idOf(active())}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1} class="pivot-row">
            {line(
              0,
              props.rowName,
              (index) => (
                <Cell
                  place={{ row: 0, column: index + 1 }}
                  active={isActive(0, index + 1)}
                  role="columnheader"
                  isSorted={props.sortedBy !== undefined && columns()[index]?.key === props.sortedBy}
                >
                  {keyLabel(columns()[index]?.key ?? '')}
                </Cell>
              ),
              words.total,
            )}
          </tr>
        </thead>
        <tbody role="rowgroup" style={{ height: `${rows().length * sizes().row}px` }}>
          <For each={rowIndexes()}>
            {(index) => {
              const row = () => rows()[index];
              return (
                <tr
                  role="row"
                  aria-rowindex={index + 2}
                  class="pivot-row"
                  style={{ transform: `translateY(${index * sizes().row}px)` }}
                >
                  {line(
                    index + 1,
                    keyLabel(row()?.key ?? ''),
                    (column) => {
                      const units = () => props.pivot.cell(row()?.key ?? '', columns()[column]?.key ?? '');
                      const change = () => {
                        const before = props.changesTo?.(columns()[column]?.key ?? '');
                        return before === undefined
                          ? undefined
                          : changeText(units(), props.pivot.cell(row()?.key ?? '', before));
                      };
                      return (
                        <Cell
                          place={{ row: index + 1, column: column + 1 }}
                          active={isActive(index + 1, column + 1)}
                          role="gridcell"
                          heat={heatOf(units(), props.pivot.range)}
                          isEmpty={units() === undefined}
                        >
                          {units() === undefined ? '–' : text(units() ?? 0n)}
                          <ChangeLine change={change()} />
                        </Cell>
                      );
                    },
                    text(row()?.units ?? 0n),
                  )}
                </tr>
              );
            }}
          </For>
        </tbody>
        <tfoot role="rowgroup">
          <tr role="row" aria-rowindex={last().row + 1} class="pivot-row">
            {line(
              last().row,
              words.total,
              (index) => (
                <Cell
                  place={{ row: last().row, column: index + 1 }}
                  active={isActive(last().row, index + 1)}
                  role="gridcell"
                >
                  {text(columns()[index]?.units ?? 0n)}
                  <ChangeLine
                    change={changeText(
                      columns()[index]?.units,
                      sumOfColumn().get(props.changesTo?.(columns()[index]?.key ?? '') ?? ''),
                    )}
                  />
                </Cell>
              ),
              text(props.pivot.units),
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Cell(props: {
  place: Place;
  active: boolean;
  role: 'columnheader' | 'rowheader' | 'gridcell';
  isTotal?: boolean;
  /** Whether it is at the beginning of its row. */
  isName?: boolean;
  isEmpty?: boolean;
  isSorted?: boolean;
  heat?: number;
  children: JSX.Element;
}) {
  const heat = () => props.heat ?? 0;
  return (
    <td
      role={props.role}
      id={`pivot-${props.place.row}-${props.place.column}`}
      data-place={`${props.place.row} ${props.place.column}`}
      aria-colindex={props.place.column + 1}
      aria-sort={props.isSorted ? 'descending' : undefined}
      aria-label={props.isEmpty ? words.noValue : undefined}
      class="pivot-cell"
      classList={{
        'pivot-name': props.place.column === 0,
        'pivot-total': props.isTotal ?? false,
        'is-active': props.active,
        'is-empty': props.isEmpty ?? false,
        'is-below': heat() < 0,
      }}
      style={{ '--heat': Math.abs(heat()) }}
    >
      <span title={props.role === 'gridcell' ? undefined : String(props.children)}>
        {props.isName ? <RowName>{String(props.children)}</RowName> : props.children}
      </span>
    </td>
  );
}

/** A change below the sum of a cell: what part of the sum before it is. */
function ChangeLine(props: { change: { difference: string; fraction: string } | undefined }) {
  return (
    <Show when={props.change}>
      {(change) => (
        <span class="pivot-change" title={change().difference}>
          {change().fraction}
        </span>
      )}
    </Show>
  );
}

/** A name that is cut off before its end where it has no room: its end is what tells it from the next one. */
function RowName(props: { children: string }) {
  const parts = () => splitName(props.children);
  return (
    <span class="pivot-row-name">
      <span>{parts()[0]}</span>
      <span>{parts()[1]}</span>
    </span>
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
