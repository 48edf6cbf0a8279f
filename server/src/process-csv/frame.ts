import { varintBytes, writeVarint } from './varint.ts';

/**
 * gRPC's framing of messages: one byte of flags, four of length, the message
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export const FRAME_HEADER_BYTES = 5;
/** The flag of a message that is compressed, which nothing here asks for. */
export const COMPRESSED_FLAG = 1;

/** A frame around a message. */
export function encodeFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Encodes the head of a message that is nothing but one field of bytes (or of a message): the frame's header, the
 * field's tag and length. The bytes themselves follow as they are, so nobody has to copy them into a message.
 *
 * @param field the field's number, below 16
 */
export function encodeBytesFieldHead(field: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEADER_BYTES + 1 + varintBytes(length));
  head.writeUInt8(0, 0);
  head.writeUInt32BE(head.length - FRAME_HEADER_BYTES + length, 1);
  head.writeUInt8((field << 3) | 2, FRAME_HEADER_BYTES);
  writeVarint(head, FRAME_HEADER_BYTES + 1, length);
  return head;
}

/** A tag and a length of at most 32 bits. */
export const MAX_FIELD_HEAD_BYTES = 6;

/**
 * How many bytes stand before those of the one field of bytes (or of a message) that a message is, which go to its end;
 * undefined for any other message, `unclear` if too little of it has come.
 *
 * @param field the field's number, below 16
 * @param start where in `bytes` the message begins
 */
export function onlyFieldHeadBytes(
  field: number,
  bytes: Uint8Array,
  start: number,
  messageLength: number,
): number | 'unclear' | undefined {
  let length = 0;
  const end = Math.min(messageLength, MAX_FIELD_HEAD_BYTES);
  for (let index = 0; index < end; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return 'unclear';
    if (index === 0) {
      if (byte !== ((field << 3) | 2)) return undefined;
    } else {
      length += (byte & 0x7f) * 2 ** (7 * (index - 1));
      if (byte < 0x80) return length === messageLength - index - 1 ? index + 1 : undefined;
    }
  }
  return undefined;
}
