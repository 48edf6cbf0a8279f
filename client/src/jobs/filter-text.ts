import { create } from '@bufbuild/protobuf';
import {
  FilterRangeSchema,
  FilterValuesSchema,
  type RowFilter,
  RowFilterSchema,
} from '#gen/tallystream/v1/processor_pb.ts';

/**
 * Filters on rows as texts, as the server reads them too: `Region in North,South`, `Region not in North`,
 * `Date between 2026-01 and 2026-Q2`, `Note is empty`, `Note is not empty`. `=`, `!=`, `>=` and `<=` before a single value
 * are read, and never written. A name or value with a comma, a quote, a word or sign of these or white space at its ends stands
 * in double quotes, in which two of them are one.
 */

/** Reads a filter; undefined if the text is none. */
export function parseFilter(text: string): RowFilter | undefined {
  const pieces = split(text);
  if (pieces === undefined) return undefined;
  for (const [at, piece] of pieces.entries()) {
    const column = readText(pieces.slice(0, at));
    if (column === undefined) continue;
    const rest = pieces.slice(at + 1);
    if (piece.kind === 'sign') return withTest(column, readComparison(piece.text, rest));
    const test = piece.kind === 'word' ? readTest(piece.text.toLowerCase(), rest) : undefined;
    if (test !== undefined) return withTest(column, test);
  }
  return undefined;
}

/** Writes a filter so that {@link parseFilter} reads the same one. One without a test or a value gives its column alone. */
export function filterText({ column, test }: Pick<RowFilter, 'column' | 'test'>): string {
  const name = quoteText(column);
  switch (test.case) {
    case 'between':
      return `${name} between ${quoteText(test.value.from)} and ${quoteText(test.value.to)}`;
    case 'in':
    case 'notIn': {
      const { values } = test.value;
      if (values.length === 0) return name;
      const isIn = test.case === 'in';
      if (values.length === 1 && values[0] === '') return `${name} is ${isIn ? '' : 'not '}empty`;
      return `${name} ${isIn ? 'in' : 'not in'} ${values.map(quoteText).join(',')}`;
    }
    default:
      return name;
  }
}

/** Puts a text in quotes if it would be misread without them. */
export function quoteText(text: string): string {
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Splits a list at its commas outside of quotes, and takes the quotes off. Undefined if a quote is not closed. */
export function splitList(text: string): string[] | undefined {
  const pieces = split(text);
  return pieces && readList(pieces);
}

const needsQuotes = /^$|^\s|\s$|[",=]|(?<!\S)(?:in|not|between|is|and|empty)(?!\S)/i;

type Test = Exclude<RowFilter['test'], { case: undefined }>;

/** A word, a text in quotes, a comma, a sign that compares, or the white space between them. */
interface Piece {
  kind: 'word' | 'quoted' | 'comma' | 'sign' | 'space';
  text: string;
}

const pieceOf = /"((?:[^"]|"")*)"(?=$|[\s,]|[<>!]?=)|(,)|([<>!]?=)|(\s+)|(?:(?![<>!]?=)[^\s,"])+|"/g;

/** Splits a text without losing any of it. Undefined if a quote is not closed, or stands inside of a word. */
function split(text: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const [found, quoted, comma, sign, space] of text.matchAll(pieceOf)) {
    if (quoted !== undefined) pieces.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (comma !== undefined) pieces.push({ kind: 'comma', text: comma });
    else if (sign !== undefined) pieces.push({ kind: 'sign', text: sign });
    else if (space !== undefined) pieces.push({ kind: 'space', text: space });
    else if (found === '"') return undefined;
    else pieces.push({ kind: 'word', text: found });
  }
  return pieces;
}

/** The text that pieces stand for: one in quotes as it is, else their words. Undefined if it is neither. */
function readText(pieces: readonly Piece[]): string | undefined {
  const inside = withoutSpace(pieces);
  if (inside.length === 1 && inside[0]?.kind === 'quoted') return inside[0].text;
  const isPlain = inside.length > 0 && inside.every(({ kind }) => kind !== 'quoted' && kind !== 'comma');
  return isPlain ? inside.map(({ text }) => text).join('') : undefined;
}

function withoutSpace(pieces: readonly Piece[]): readonly Piece[] {
  const isText = ({ kind }: Piece) => kind !== 'space';
  return pieces.slice(Math.max(0, pieces.findIndex(isText)), pieces.findLastIndex(isText) + 1);
}

/** Reads what follows a column: the first word of its test, and the rest. */
function readTest(word: string, rest: readonly Piece[]): Test | undefined {
  const next = withoutSpace(rest);
  const isWord = (wanted: string) => next[0]?.kind === 'word' && next[0].text.toLowerCase() === wanted;
  if (word === 'between') return readRange(rest);
  if (word === 'in') return readValues('in', rest);
  if (word === 'not' && isWord('in')) return readValues('notIn', rest.slice(rest.indexOf(next[0]!) + 1));
  if (word !== 'is') return undefined;
  const words = next.filter(({ kind }) => kind !== 'space').map(({ kind, text }) => `${kind} ${text.toLowerCase()}`);
  if (words.join() === 'word empty') return listTest('in', ['']);
  return words.join() === 'word not,word empty' ? listTest('notIn', ['']) : undefined;
}

/** Reads the values behind a word. */
function readValues(name: 'in' | 'notIn', rest: readonly Piece[]): Test | undefined {
  return rest.length === 0 ? undefined : listTest(name, readList(rest));
}

/** Reads the single value behind a sign: it may have commas. */
function readComparison(sign: string, rest: readonly Piece[]): Test | undefined {
  const isQuoted = rest.some(({ kind }) => kind === 'quoted');
  const value = isQuoted
    ? readText(rest)
    : withoutSpace(rest)
        .map(({ text }) => text)
        .join('');
  if (value === undefined) return undefined;
  if (sign === '=' || sign === '!=') return listTest(sign === '=' ? 'in' : 'notIn', [value]);
  return rangeTest(sign === '>=' ? value : '', sign === '<=' ? value : '');
}

function listTest(name: 'in' | 'notIn', values: string[] | undefined): Test | undefined {
  return values && { case: name, value: create(FilterValuesSchema, { values }) };
}

function rangeTest(from: string, to: string): Test | undefined {
  return from + to === '' ? undefined : { case: 'between', value: create(FilterRangeSchema, { from, to }) };
}

function withTest(column: string, test: Test | undefined): RowFilter | undefined {
  return test && create(RowFilterSchema, { column, test });
}

function readList(pieces: readonly Piece[]): string[] | undefined {
  const values: string[] = [];
  let from = 0;
  for (let at = 0; at <= pieces.length; at++) {
    if (at < pieces.length && pieces[at]?.kind !== 'comma') continue;
    const value = readEnd(pieces.slice(from, at));
    if (value === undefined) return undefined;
    values.push(value);
    from = at + 1;
  }
  return values;
}

function readRange(pieces: readonly Piece[]): Test | undefined {
  const and = pieces.findIndex(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'and');
  if (and < 0) return undefined;
  const [from, to] = [readEnd(pieces.slice(0, and)), readEnd(pieces.slice(and + 1))];
  return from === undefined || to === undefined ? undefined : rangeTest(from, to);
}

/** A text that may be left out. */
function readEnd(pieces: readonly Piece[]): string | undefined {
  return withoutSpace(pieces).length === 0 ? '' : readText(pieces);
}
