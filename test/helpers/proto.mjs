// SPDX-License-Identifier: MIT
// Messages of protocol buffers, field by field: a reader that shares nothing with what is tested.

function varint(bytes, at) {
	let value = 0n, shift = 0n, byte;
	do {
		if (at >= bytes.length) throw new Error('unexpected EOF');
		byte = bytes[at++];
		value |= BigInt(byte & 127) << shift;
		shift += 7n;
	} while (byte & 128);
	return [value, at];
}

// Each field: its number, and a BigInt or its bytes.
export function* fields(bytes) {
	let at = 0, tag, value;
	while (at < bytes.length) {
		[tag, at] = varint(bytes, at);
		[value, at] = varint(bytes, at);
		const wire = Number(tag & 7n);
		if (wire === 0) yield [Number(tag >> 3n), value];
		else if (wire === 2) {
			if (at + Number(value) > bytes.length) throw new Error('unexpected EOF');
			yield [Number(tag >> 3n), bytes.subarray(at, (at += Number(value)))];
		} else throw new Error(`wire type ${wire}`);
	}
}

export const all = (bytes, field) => [...fields(bytes)].filter(([number]) => number === field).map(([, value]) => value);
export const first = (bytes, field) => all(bytes, field)[0] ?? 0n;

// A repeated number, packed or not.
export function numbers(bytes, field) {
	return all(bytes, field).flatMap((value) => {
		if (typeof value === 'bigint') return [value];
		const found = [];
		for (let at = 0; at < value.length; ) {
			const [number, next] = varint(value, at);
			found.push(number);
			at = next;
		}
		return found;
	});
}
