// SPDX-License-Identifier: MIT
// Profiles with figures known beforehand, written by code that shares nothing with ours.
// Fields are those of https://github.com/google/pprof/blob/main/proto/profile.proto.
import { gzipSync } from 'node:zlib';

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, content) => Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

// samples: [[function, ...] from the root to the leaf, value, or a value for each sample type]. A function is a name (text, or a
// Buffer of any bytes), or { name, file }. Resolves to the bytes of a .pb.gz.
export function encodeProfile(samples, { types = [['cpu', 'nanoseconds']] } = {}) {
  const strings = [''];
  const places = new Map([['', 0]]);
  const string = (text) => {
    const key = text.toString('latin1');
    if (!places.has(key)) places.set(key, strings.push(text) - 1);
    return places.get(key);
  };
  const functions = new Map();
  const parts = types.map(([type, unit]) => message(1, number(1, string(type)), number(2, string(unit))));
  const idOf = (wanted) => {
    const { name, file = 'x.c' } = wanted.name ? wanted : { name: wanted };
    const key = `${string(name)} ${string(file)}`;
    if (!functions.has(key)) {
      const id = functions.size + 1;
      functions.set(key, id);
      parts.push(message(5, number(1, id), number(2, string(name)), number(4, string(file)), number(5, 7)));
      parts.push(message(4, number(1, id), number(3, id), message(4, number(1, id), number(2, 7))));
    }
    return functions.get(key);
  };
  for (const [stack, values] of samples) {
    const ids = stack.map(idOf).reverse();
    parts.push(message(2, ...ids.map((id) => number(1, id)), ...[values].flat().map((value) => number(2, value))));
  }
  for (const text of strings) parts.push(bytes(6, Buffer.from(text)));
  return gzipSync(Buffer.concat(parts), { level: 1 });
}
