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

/** The bytes of a protobuf varint, seven bits each, lowest first. */
function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/**
 * What stands before the bytes of a message that is nothing but one field of bytes (or of a message): the frame's header, the field's tag
 * and length. The bytes themselves follow as they are, so nobody has to copy them into a message.
 *
 * @param field the field's number, below 16
 */
export function encodeBytesFieldHead(field: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEADER_BYTES + 1 + varintLength(length));
  head.writeUInt8(0, 0);
  head.writeUInt32BE(head.length - FRAME_HEADER_BYTES + length, 1);
  head.writeUInt8((field << 3) | 2, FRAME_HEADER_BYTES);
  let position = FRAME_HEADER_BYTES + 1;
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) head.writeUInt8((rest & 0x7f) | 0x80, position++);
  head.writeUInt8(rest, position);
  return head;
}

/**
 * The bytes of a message that is nothing but one field of bytes (or of a message), where they lie; undefined for any other.
 *
 * @param field the field's number, below 16
 */
export function onlyField(field: number, message: Uint8Array): Uint8Array | undefined {
  if (message[0] !== ((field << 3) | 2)) return undefined;
  let length = 0;
  for (let index = 1; index <= 5; index++) {
    const byte = message[index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 0x80 ** (index - 1);
    if (byte < 0x80) return length === message.length - index - 1 ? message.subarray(index + 1) : undefined;
  }
  return undefined;
}
