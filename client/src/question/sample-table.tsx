import { createEffect, createMemo, createSignal, For, Index, on, onCleanup, onMount, Show } from 'solid-js';
import type { InspectCsvResponse, SampleRow } from '#gen/tallystream/v1/gateway_pb.ts';
import { type Column, type Dialect, RejectReason } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { reasonWord } from '../jobs/reject-reason.ts';
import { preparationTexts, questionTexts } from '../texts-of-questions.ts';
import type { QuestionSettings } from '../upload/csv-options.ts';
import { lookAtColumns } from './column-looks.ts';
import { mostFilters, type Role, rolesByColumn, useColumn, whyNotUse } from './question-parts.ts';
import { SampleHead } from './sample-head.tsx';
import { mostAtFirst, shownColumns } from './shown-columns.ts';

/** The first rows of a file as they are understood, with the columns of the question marked and in view. */
export function SampleTable(props: {
  found: InspectCsvResponse;
  dialect: Dialect;
  question: QuestionSettings;
  onChange: (change: Partial<QuestionSettings>) => void;
  /** Opens the editor of a filter on a column. */
  onFilter: (column: Column) => void;
}) {
  const [isWhole, setWhole] = createSignal(false);
  let box!: HTMLElement;
  /** Whether columns are hidden before those in sight, and after them. */
  const [hidden, setHidden] = createSignal({ before: false, after: false }, { equals: isSameHidden });
  const look = () => setHidden(hiddenOf(box));
  onMount(() => {
    // The frame changes with the window, the table with its rows.
    const observer = new ResizeObserver(look);
    for (const element of [box, ...box.children]) observer.observe(element);
    onCleanup(() => observer.disconnect());
  });
  const roles = createMemo(() => rolesByColumn(props.question, props.dialect));
  const rolesAt = (index: number) => roles().get(index) ?? [];
  const columns = createMemo(() =>
    shownColumns(props.dialect.columns, (index) => rolesAt(index).length > 0, isWhole()),
  );
  const lookAt = createMemo(() => lookAtColumns(props.found));
  const isLong = () => props.dialect.columns.length > mostAtFirst;
  const used = createMemo(() => columns().flatMap(({ index }) => rolesAt(index).map((role) => `${index} ${role}`)));
  createEffect(
    on(used, (now, before) => {
      const added = now.filter((use) => !before?.includes(use));
      reveal(
        box,
        (before === undefined ? now : added).map((use) => Number.parseInt(use, 10)),
      );
    }),
  );

  function use(role: Role, column: Column): void {
    if (role === 'filter') props.onFilter(column);
    else {
      const isDate = lookAt()(column.index).kind === 'date';
      props.onChange(useColumn(props.question, props.dialect, role, column, isDate));
    }
  }

  function whyNot(role: Role, column: Column): string | undefined {
    if (role !== 'filter') return whyNotUse(props.question, props.dialect, role, column);
    return props.question.where.length < mostFilters ? undefined : questionTexts.whyNotUse.mostFilters;
  }

  return (
    <>
      <div class="sample-frame" classList={{ 'has-before': hidden().before, 'has-after': hidden().after }}>
        {/* A scrolling area must be reachable by keyboard. */}
        <section ref={box} class="sample" tabindex={0} aria-label={preparationTexts.sampleCaption} onScroll={look}>
          <table>
            <caption class="visually-hidden">{preparationTexts.sampleCaption}</caption>
            <thead>
              <tr>
                {/* Every inspection brings new columns: the heads stay, and with them the focus. */}
                <Index each={columns()}>
                  {(column) => (
                    <SampleHead
                      column={column()}
                      roles={rolesAt(column().index)}
                      whyNot={(role) => whyNot(role, column())}
                      onUse={(role) => use(role, column())}
                    />
                  )}
                </Index>
              </tr>
            </thead>
            <tbody>
              <For each={props.found.rows}>
                {(row) => (
                  <SampleBodyRow
                    row={row}
                    columns={columns()}
                    width={props.dialect.columns.length}
                    role={(index) => rolesAt(index)[0]}
                  />
                )}
              </For>
            </tbody>
          </table>
        </section>
      </div>
      <Show when={isLong()}>
        <button type="button" class="button button-quiet show-columns" onClick={() => setWhole((whole) => !whole)}>
          {isWhole()
            ? preparationTexts.hideColumns
            : preparationTexts.showColumns(formatCount(props.dialect.columns.length))}
        </button>
      </Show>
    </>
  );
}

interface Hidden {
  before: boolean;
  after: boolean;
}

const isSameHidden = (one: Hidden, other: Hidden) => one.before === other.before && one.after === other.after;

function hiddenOf({ scrollLeft, clientWidth, scrollWidth }: HTMLElement): Hidden {
  // Places between pixels are none.
  return { before: scrollLeft > 1, after: scrollLeft + clientWidth < scrollWidth - 1 };
}

/** Scrolls the table so that columns are seen, the first of them if there is no room for all. */
function reveal(box: HTMLElement, indexes: readonly number[]): void {
  const heads = indexes.flatMap((index) => [...box.querySelectorAll<HTMLElement>(`th[data-column="${index}"]`)]);
  if (heads.length === 0) return;
  const start = box.getBoundingClientRect().left + box.clientLeft - box.scrollLeft;
  const edges = heads.map((head) => head.getBoundingClientRect());
  const left = Math.min(...edges.map((edge) => edge.left)) - start;
  const right = Math.max(...edges.map((edge) => edge.right)) - start;
  if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
  if (left < box.scrollLeft) box.scrollLeft = left;
}

function SampleBodyRow(props: {
  row: SampleRow;
  columns: readonly Column[];
  /** The number of columns of the file. */
  width: number;
  role: (index: number) => Role | undefined;
}) {
  const isRejected = () => props.row.rejectReason !== RejectReason.UNSPECIFIED;
  const surplus = () => props.row.fields.slice(props.width);
  return (
    <>
      <tr
        title={props.row.filtered ? preparationTexts.filteredRow : undefined}
        classList={{ 'is-rejected': isRejected(), 'is-filtered': props.row.filtered }}
      >
        <For each={props.columns}>
          {({ index }, place) => (
            <td data-role={props.role(index)}>
              {props.row.fields[index] ?? ''}
              <Show when={props.row.filtered && place() === 0}>
                <span class="visually-hidden"> ({preparationTexts.filteredRow})</span>
              </Show>
            </td>
          )}
        </For>
        <For each={surplus()}>{(field) => <td>{field}</td>}</For>
      </tr>
      <Show when={isRejected()}>
        <tr class="sample-reason">
          <td colSpan={props.columns.length + surplus().length}>
            <span>{preparationTexts.wouldBeRejected(reasonWord(props.row.rejectReason))}</span>
          </td>
        </tr>
      </Show>
    </>
  );
}
