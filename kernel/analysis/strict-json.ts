/** Reads parsed JSON of strangers by a strict schema: every field is there, is what it should be, and there are no others. */

/** Reads a value, and says in an error that it is not what it should be. */
export type Reader<T> = (value: unknown) => T;

/** A whole number of a range, both ends included. */
export function integer(min: number, max: number): Reader<number> {
  return (value) => {
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
    throw new TypeError(`a number is not between ${min} and ${max}`);
  };
}

/** A text of at most so many UTF-16 units. */
export function text(maxLength: number): Reader<string> {
  return (value) => {
    if (typeof value === 'string' && value.length <= maxLength) return value;
    throw new TypeError(`a text has more than ${maxLength} characters, or is none`);
  };
}

export const boolean: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw new TypeError('a value is neither true nor false');
};

/** One of some texts. */
export function oneOf<T extends string>(values: readonly T[]): Reader<T> {
  return (value) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw new TypeError('a text is none of those that are known');
  };
}

/** A list of at most so many values. */
export function list<T>(item: Reader<T>, maxLength: number): Reader<T[]> {
  return (value) => {
    if (Array.isArray(value) && value.length <= maxLength) return value.map(item);
    throw new TypeError(`a list has more than ${maxLength} values, or is none`);
  };
}

/** A value that may be missing. */
export function optional<T>(of: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : of(value));
}

/** An object with exactly these fields. */
export function object<T extends object>(fields: { [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TypeError('a value is no object');
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) throw new TypeError('an object has a field that is not known');
    const read = (name: keyof T & string) => fields[name]((value as Record<string, unknown>)[name]);
    return Object.fromEntries(names.map((name) => [name, read(name)])) as T;
  };
}
