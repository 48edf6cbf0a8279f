import { Match, Switch } from 'solid-js';
import type { Column, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { Popover } from '../ui/popover.tsx';
import type { QuestionSettings } from '../upload/csv-options.ts';
import { AmountEditor } from './amount-editor.tsx';
import type { ColumnLook } from './column-looks.ts';
import { FilterEditor, type UnreadDraft } from './filter-editor.tsx';
import { GroupEditor } from './group-editor.tsx';
import { mostFilters, type Part, putFilter, removeAmount, removeGroup } from './question-parts.ts';

const titles = {
  amount: questionTexts.sumTitle,
  group: questionTexts.groupTitle,
  filter: questionTexts.filterTitle,
} as const;

/** The popover in which one part of the question is changed. */
export function PartEditor(props: {
  part: Part;
  question: QuestionSettings;
  dialect: Dialect;
  /** The column of a new filter, if it is known already. */
  column: Column | undefined;
  /** The condition of this part that was left while it could not be read. */
  unread: UnreadDraft | undefined;
  lookAt: (index: number) => ColumnLook;
  anchor: HTMLElement | undefined;
  onChange: (change: Partial<QuestionSettings>) => void;
  /** Tells of a condition that cannot be read, and how to take back what has come of it; undefined once it can be. */
  onUnread: (draft: UnreadDraft | undefined, restore: () => void) => void;
  /** Goes on with a further one. */
  onAdd: (kind: Part['kind']) => void;
  /** @param isLeft whether the reader has gone on elsewhere */
  onClose: (isLeft: boolean) => void;
}) {
  const done = () => props.onClose(false);
  return (
    <Popover anchor={props.anchor} label={titles[props.part.kind]} onClose={props.onClose}>
      <Switch>
        <Match when={props.part.kind === 'amount'}>
          <AmountEditor
            question={props.question}
            dialect={props.dialect}
            at={props.part.at}
            lookAt={props.lookAt}
            onChange={props.onChange}
            onAdd={() => props.onAdd('amount')}
            onRemove={() => {
              props.onChange(removeAmount(props.question, props.dialect, props.part.at));
              done();
            }}
            onDone={done}
          />
        </Match>
        <Match when={props.part.kind === 'group'}>
          <GroupEditor
            question={props.question}
            dialect={props.dialect}
            at={props.part.at}
            lookAt={props.lookAt}
            onChange={props.onChange}
            onAdd={() => props.onAdd('group')}
            onRemove={() => {
              props.onChange(removeGroup(props.question, props.dialect, props.part.at));
              done();
            }}
            onDone={done}
          />
        </Match>
        <Match when={props.part.kind === 'filter'}>
          <FilterPart {...props} at={props.part.at} onDone={done} />
        </Match>
      </Switch>
    </Popover>
  );
}

function FilterPart(props: {
  at: number;
  question: QuestionSettings;
  dialect: Dialect;
  column: Column | undefined;
  unread: UnreadDraft | undefined;
  lookAt: (index: number) => ColumnLook;
  onChange: (change: Partial<QuestionSettings>) => void;
  onUnread: (draft: UnreadDraft | undefined, restore: () => void) => void;
  onAdd: (kind: Part['kind']) => void;
  onDone: () => void;
}) {
  const { at } = props;
  const count = () => props.question.where.length;
  const before = props.question.where[at];
  let isThere = before !== undefined;
  const put: Parameters<typeof FilterEditor>[0]['onChange'] = (filter) => {
    const where = putFilter(props.question.where, at, isThere, filter);
    if (isThere || filter !== undefined) props.onChange({ where });
    isThere = filter !== undefined;
  };
  return (
    <FilterEditor
      dialect={props.dialect}
      filter={before}
      column={props.column}
      unread={props.unread}
      lookAt={props.lookAt}
      onChange={put}
      onUnread={(draft) => props.onUnread(draft, () => put(before))}
      onAdd={count() > 0 && count() < mostFilters ? () => props.onAdd('filter') : undefined}
      onRemove={() => {
        props.onUnread(undefined, () => {});
        put(undefined);
        props.onDone();
      }}
      onDone={props.onDone}
    />
  );
}
