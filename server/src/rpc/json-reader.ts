import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { quoted } from '../bytes/quoted.ts';
import { toConnectError } from '../connect-errors.ts';
import { unknownEnumValue } from '../process-csv/request-texts.ts';
import { checkJsonValues } from './json-limit.ts';

/** Turns bytes into text; an option of Connect's reading of JSON. */
export interface JsonReader {
  decode(bytes?: Uint8Array): string;
}

/**
 * Looks at the JSON of a request before Connect does: it counts the values, and refuses names of enum values that do not
 * exist. Connect ignores fields that it does not know, so that newer clients can talk to older servers, and with them
 * such names: a filter would silently become another.
 */
export function createJsonReader(schema: DescMessage, maxValues: number): JsonReader {
  const text = new TextDecoder();
  const hasEnums = holdsEnums(schema);
  return {
    decode(bytes = new Uint8Array()) {
      try {
        checkJsonValues(bytes, maxValues);
        const json = text.decode(bytes);
        if (hasEnums) checkEnumNames(schema, parsed(json));
        return json;
      } catch (error) {
        throw toConnectError(error);
      }
    },
  };
}

function holdsEnums(schema: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return schema.fields.some((field) => field.enum || (field.message && holdsEnums(field.message, seen)));
}

/** Connect itself reports the error in a text that is no JSON. */
function parsed(json: string): JsonValue {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function checkEnumNames(schema: DescMessage, json: JsonValue): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
  for (const field of schema.fields) {
    const value = json[field.jsonName] ?? json[field.name];
    if (value === undefined || field.fieldKind === 'map') continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (field.message) checkEnumNames(field.message, each);
      else if (field.enum && typeof each === 'string' && !field.enum.values.some(({ name }) => name === each)) {
        throw unknownEnumValue(field, field.enum, quoted(each));
      }
    }
  }
}
