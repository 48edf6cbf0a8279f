import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Tags of DER (X.690). */
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BITS = 0x03;
const BYTES = 0x04;
const TEXT = 0x0c;
const TIME = 0x17;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

/** Names of algorithms, attributes and extensions, as they stand in a certificate. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');

/** Makes a certificate for 127.0.0.1 that signs itself (RFC 5280 §4.1), and returns its files. */
export async function createCertificate(folder: string): Promise<{ cert: string; key: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const day = 24 * 60 * 60 * 1000;
  const algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, Buffer.from('localhost')))));
  const extensions = [
    der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(BYTES, der(SEQUENCE, TRUE))),
    // An address has the tag 7 there.
    der(SEQUENCE, ALTERNATIVE_NAME, der(BYTES, der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1]))))),
  ];
  const content = der(
    SEQUENCE,
    // Version 3, which is written as 2.
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    algorithm,
    name,
    der(SEQUENCE, timeOf(Date.now() - day), timeOf(Date.now() + day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  // Bits begin with how many of the last byte are unused.
  const signature = der(BITS, Buffer.from([0]), sign('sha256', content, privateKey));
  const certificate = der(SEQUENCE, content, algorithm, signature).toString('base64');
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(cert, `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`);
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { cert, key };
}

/** A value with its tag and its length in front. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** `YYMMDDhhmmssZ`. */
function timeOf(ms: number): Buffer {
  return der(TIME, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/\D/g, '')}Z`));
}
