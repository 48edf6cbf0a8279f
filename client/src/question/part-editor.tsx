import { Match, Switch } from 'solid-js';
import type { Column, Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { questionTexts } from '../texts-of-questions.ts';
import { Popover } from '../ui/popover.tsx';
import type { QuestionSettings } from '../upload/csv-options.ts';
import { AmountEditor } from './amount-editor.tsx';
import type { ColumnLook } from './column-looks.ts';
import { FilterEditor } from './filter-editor.tsx';
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
  lookAt: (index: number) => ColumnLook;
  anchor: HTMLElement | undefined;
  onChange: (change: Partial<QuestionSettings>) => void;
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
  lookAt: (index: number) => ColumnLook;
  onChange: (change: Partial<QuestionSettings>) => void;
  onAdd: (kind: Part['kind']) => void;
  onDone: () => void;
}) {
  const { at } = props;
  const count = () => props.question.where.length;
  let isThere = at < count();
  const put: Parameters<typeof FilterEditor>[0]['onChange'] = (filter) => {
    const where = putFilter(props.question.where, at, isThere, filter);
    if (isThere || filter !== undefined) props.onChange({ where });
    isThere = filter !== undefined;
  };
  return (
    <FilterEditor
      dialect={props.dialect}
      filter={props.question.where[at]}
      column={props.column}
      lookAt={props.lookAt}
      onChange={put}
      onAdd={count() > 0 && count() < mostFilters ? () => props.onAdd('filter') : undefined}
      onRemove={() => {
        put(undefined);
        props.onDone();
      }}
      onDone={props.onDone}
    />
  );
}
