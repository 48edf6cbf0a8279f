import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { TallyError } from '../errors.ts';
import { FRAME_HEADER_BYTES } from '../process-csv/frame.ts';

/** The wire types of protobuf: https://protobuf.dev/programming-guides/encoding/#structure */
const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;
/** A varint has at most 10 bytes; a longer one is left to the decoder, which refuses it. */
const MAX_VARINT_SHIFT = 63;

/** Lengths and tags are 32-bit numbers; decoders drop the bits above. */
const MAX_UINT32 = 2 ** 32 - 1;

/** The properties of a field that the scan needs. */
interface Field {
  wireType: number;
  /** A list of numbers, which may come packed into one value. */
  isPackable: boolean;
  message: DescMessage | undefined;
}

type Fields = Map<number, Field>;
const fieldsOf = new WeakMap<DescMessage, Fields>();

/**
 * Counts the fields of protobuf messages while their bytes pass, before anything is decoded: a field of two bytes becomes
 * an object or a string of many. Values of fields are skipped, not looked at, so that the cost follows the number of
 * fields, which is limited, and not the size.
 *
 * The scan must see what the decoder sees. That one does not look whether a field has the wire type of its kind, so a
 * field that has another is refused here, and so are groups, which no message of ours has.
 */
export class FieldLimit {
  readonly #schema: DescMessage;
  readonly #maxFields: number;
  #expects: 'header' | 'tag' | 'length' | 'varint' | 'skip';
  /** Bytes of the message that have passed. */
  #at = 0;
  /** Where the message ends; infinite for one that ends with its body. */
  #end = Number.POSITIVE_INFINITY;
  #skip = 0;
  #number = 0;
  #shift = 0;
  #count = 0;
  /** The field whose value comes, if the schema has it. */
  #field: Field | undefined;
  /** The messages around the present field, outermost first, with the place where each ends. */
  #open: { fields: Fields; end: number }[] = [];

  /**
   * @param isEnveloped whether each message stands behind a head of five bytes, as in gRPC and in Connect's streams
   */
  constructor(schema: DescMessage, maxFields: number, isEnveloped: boolean) {
    this.#schema = schema;
    this.#maxFields = maxFields;
    this.#expects = 'tag';
    if (isEnveloped) this.#expectHeader();
    else this.#begin(Number.POSITIVE_INFINITY);
  }

  /** @throws {@link TallyError} REQUEST_INVALID as soon as a message has too many fields, or is none of its schema */
  check(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#expects === 'skip') {
        const length = Math.min(this.#skip, bytes.length - at);
        at += length;
        this.#at += length;
        this.#skip -= length;
        if (this.#skip === 0) this.#next();
      } else if (this.#expects === 'header') {
        this.#header(bytes[at++] ?? 0);
      } else {
        this.#at++;
        this.#varint(bytes[at++] ?? 0);
      }
    }
  }

  /** One byte of flags, four of the message's length. */
  #header(byte: number): void {
    if (this.#skip < FRAME_HEADER_BYTES) this.#number = this.#number * 0x100 + byte;
    if (--this.#skip > 0) return;
    this.#begin(this.#number);
    this.#next();
  }

  #expectHeader(): void {
    this.#expects = 'header';
    this.#skip = FRAME_HEADER_BYTES;
    this.#number = 0;
  }

  #begin(length: number): void {
    this.#at = 0;
    this.#end = length;
    this.#count = 0;
    this.#open = [{ fields: knownFields(this.#schema), end: length }];
    this.#expectVarint('tag');
  }

  #expectVarint(what: 'tag' | 'length' | 'varint'): void {
    this.#expects = what;
    this.#number = 0;
    this.#shift = 0;
  }

  #varint(byte: number): void {
    this.#number += (byte & 0x7f) * 2 ** this.#shift;
    this.#shift += 7;
    if (byte >= 0x80 && this.#at < this.#end) {
      if (this.#shift > MAX_VARINT_SHIFT) throw malformed();
      return;
    }
    if (this.#expects !== 'varint' && this.#number > MAX_UINT32) throw malformed();
    if (this.#expects === 'tag') this.#tagged(this.#number);
    else if (this.#expects === 'length') this.#value(this.#number);
    else this.#next();
  }

  #tagged(tag: number): void {
    this.#add(1);
    const wireType = tag % 8;
    this.#field = this.#open.at(-1)?.fields.get(Math.floor(tag / 8));
    if (this.#field && wireType !== this.#field.wireType) {
      if (wireType !== WIRE.lengthDelimited || !this.#field.isPackable) throw malformed();
    }
    if (wireType === WIRE.varint) this.#expectVarint('varint');
    else if (wireType === WIRE.lengthDelimited) this.#expectVarint('length');
    else if (wireType === WIRE.fixed64) this.#skipBytes(8);
    else if (wireType === WIRE.fixed32) this.#skipBytes(4);
    else throw malformed();
  }

  /** A value of so many bytes begins. */
  #value(length: number): void {
    const inside = Math.min(length, this.#end - this.#at);
    if (this.#field?.message) {
      this.#open.push({ fields: knownFields(this.#field.message), end: this.#at + inside });
      this.#next();
      return;
    }
    // Each number has at least a byte.
    if (this.#field?.isPackable) this.#add(inside);
    this.#skipBytes(inside);
  }

  #skipBytes(length: number): void {
    this.#skip = Math.min(length, this.#end - this.#at);
    if (this.#skip > 0) this.#expects = 'skip';
    else this.#next();
  }

  /** A field has ended, or a message has begun. */
  #next(): void {
    while (this.#open.length > 1 && this.#at >= (this.#open.at(-1)?.end ?? 0)) this.#open.pop();
    if (this.#at < this.#end) this.#expectVarint('tag');
    else this.#expectHeader();
  }

  #add(count: number): void {
    this.#count += count;
    if (this.#count > this.#maxFields) throw tooManyValues(this.#maxFields);
  }
}

export function tooManyValues(most: number): TallyError {
  return new TallyError('REQUEST_INVALID', `The request has too many values: at most ${most} are allowed.`);
}

function malformed(): TallyError {
  return new TallyError('REQUEST_INVALID', 'The request is not a valid message for this method.');
}

function knownFields(schema: DescMessage): Fields {
  let fields = fieldsOf.get(schema);
  if (!fields) {
    fields = new Map(schema.fields.map((field) => [field.number, toField(field)]));
    fieldsOf.set(schema, fields);
  }
  return fields;
}

function toField(field: DescField): Field {
  const wireType = wireTypeOf(field);
  return {
    wireType,
    isPackable: field.fieldKind === 'list' && wireType !== WIRE.lengthDelimited,
    message: field.fieldKind === 'map' ? undefined : field.message,
  };
}

function wireTypeOf(field: DescField): number {
  if (field.enum && field.fieldKind !== 'map') return WIRE.varint;
  if (field.fieldKind === 'map' || field.scalar === undefined) return WIRE.lengthDelimited;
  switch (field.scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WIRE.lengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WIRE.fixed64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WIRE.fixed32;
    default:
      return WIRE.varint;
  }
}
