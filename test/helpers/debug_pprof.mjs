// SPDX-License-Identifier: MIT
// A running program's /debug/pprof, played: for tests of those who ask it. Profiles are made here, byte by byte, so that every
// number is known and nothing is shared with what is tested.
//
// Usage: node debug_pprof.mjs FOLDER MODE [TRACE]
//   FOLDER   gets `port`, and `requests`: a line each, as method, path, authorization
//   MODE     good            answers as net/http/pprof does
//            restart         the same, and after two answers of a kind as if started again
//            token           the same, for "Bearer secret" alone
//            a status        that, with a text
//            redirect, empty, damaged, html, endless, silent, cut, go-trace, other-types
//   TRACE    file that /debug/pprof/trace answers with
// PORT in the environment: where to listen; any free one when it is not there.
// Ends by itself after a minute.
import { createServer } from 'node:http';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const [folder, mode, trace] = process.argv.slice(2);

function varint(value) {
	const bytes = [];
	let rest = BigInt.asUintN(64, BigInt(value));
	for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
	bytes.push(Number(rest));
	return Buffer.from(bytes);
}
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));
const packed = (field, values) => bytes(field, Buffer.concat(values.map(varint)));

// types: [name, unit]...; samples: { stack: [leaf, ..., root], values }; start: where the program is mapped.
export function profile({ types, samples, period, start = 0x1000000n }) {
	const strings = [''];
	const string = (text) => {
		if (!strings.includes(text)) strings.push(text);
		return strings.indexOf(text);
	};
	const functions = [...new Set(samples.flatMap((sample) => sample.stack))];
	const id = (name) => functions.indexOf(name) + 1;
	const parts = [
		...types.map(([name, unit]) => message(1, number(1, string(name)), number(2, string(unit)))),
		...samples.map(({ stack, values }) => message(2, packed(1, stack.map(id)), packed(2, values))),
		message(3, number(1, 1), number(2, start), number(3, start + 0x100000n), number(5, string('/srv/bin/server')),
			number(6, string('abcd1234')), number(7, 1)),
		...functions.map((name) => message(4, number(1, id(name)), number(2, 1), number(3, start + BigInt(16 * id(name))),
			message(4, number(1, id(name)), number(2, 10)))),
		...functions.map((name) => message(5, number(1, id(name)), number(2, string(name)), number(4, string('server.c')))),
		number(9, BigInt(Date.now()) * 1000000n),
		message(11, number(1, string(period[0])), number(2, string(period[1]))),
		number(12, period[2]),
	];
	return gzipSync(Buffer.concat([...parts, ...strings.map((text) => bytes(6, Buffer.from(text)))]));
}

const heap = [['alloc_objects', 'count'], ['alloc_space', 'bytes'], ['inuse_objects', 'count'], ['inuse_space', 'bytes']];
const space = ['space', 'bytes', 524288];
const waits = [['contentions', 'count'], ['delay', 'nanoseconds']];
const main = ['serve', 'main'];

// What a kind answers, by how often it was asked (from 1) since the program began; run: how often it was started.
const kinds = {
	profile: (n, start, seconds) => profile({ start, types: [['samples', 'count'], ['cpu', 'nanoseconds']], period: ['cpu', 'nanoseconds', 10000000],
		samples: [{ stack: ['hash', ...main], values: [60 * seconds, 600000000 * seconds] },
			{ stack: ['parse', ...main], values: [40 * seconds * n, 400000000 * seconds * n] }] }),
	heap: (n, start) => profile({ start, types: heap, period: space,
		samples: [{ stack: ['cache_add', ...main], values: [100 * n, 1048576 * n, 100 * n, 1048576 * n] },
			{ stack: ['read_config', 'main'], values: [2, 4096, 2, 4096] }] }),
	allocs: (n, start) => profile({ start, types: heap, period: space,
		samples: [{ stack: ['format', ...main], values: [1000 * n * n, 65536 * n * n, 1, 64] },
			{ stack: ['cache_add', ...main], values: [100 * n, 1048576 * n, 100 * n, 1048576 * n] }] }),
	block: (n, start) => profile({ start, types: waits, period: ['contentions', 'count', 1],
		samples: [{ stack: ['pthread_cond_wait', 'next_job', 'worker'], values: [10 * n, 1000000000 * n] }] }),
	mutex: (n, start) => profile({ start, types: waits, period: ['contentions', 'count', 1], samples: [] }),
	goroutine: (n, start) => profile({ start, types: [['goroutine', 'count']], period: ['goroutine', 'count', 1],
		samples: [{ stack: ['poll', ...main], values: [1] }, { stack: ['pthread_cond_wait', 'worker'], values: [4 * n] }] }),
};

const asked = {};

function answer(response, kind, query) {
	const count = (asked[kind] = (asked[kind] ?? 0) + 1);
	const run = mode === 'restart' ? Math.floor((count - 1) / 2) : 0;
	const seconds = Number(query.get('seconds') ?? 30);
	if (!kinds[kind]) return fail(response, 404, 'Unknown profile');
	const send = () => {
		response.writeHead(200, { 'content-type': 'application/octet-stream' });
		response.end(kinds[kind](count - 2 * run, 0x1000000n * BigInt(run + 1), seconds));
	};
	return setTimeout(send, kind === 'profile' ? 100 : 0);
}

function fail(response, status, text) {
	response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-go-pprof': '1' });
	response.end(`${text}\n`);
}

function endless(response) {
	response.writeHead(200);
	const piece = Buffer.alloc(1 << 20);
	const more = () => {
		while (!response.destroyed && response.write(piece));
		if (!response.destroyed) response.once('drain', more);
	};
	more();
}

const others = {
	redirect: (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/stolen' }).end(),
	empty: (response) => response.writeHead(200).end(),
	damaged: (response) => response.writeHead(200).end(kinds.heap(1, 0x1000000n).subarray(0, 100)),
	html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\x1b[31mhello'),
	'other-types': (response) => response.writeHead(200).end(kinds.goroutine(1, 0x1000000n)),
	'go-trace': (response) => response.writeHead(200).end('go 1.23 trace\0\0\0and so on'),
	silent: () => {},
	endless,
	cut: (response) => {
		response.writeHead(200, { 'content-length': 100000 });
		response.write('begun', () => response.destroy());
	},
};

createServer((request, response) => {
	const url = new URL(request.url, 'http://x');
	const kind = url.pathname.replace(/^\/debug\/pprof\//, '');
	appendFileSync(`${folder}/requests`, `${request.method} ${request.url} ${request.headers.authorization ?? '-'}\n`);
	if (others[mode]) return others[mode](response);
	if (Number(mode)) return fail(response, Number(mode), 'Could not enable CPU profiling: cpu profiling already in use');
	if (mode === 'token' && request.headers.authorization !== 'Bearer secret') return fail(response, 401, 'Unauthorized');
	if (kind === 'trace' && trace) return response.writeHead(200).end(readFileSync(trace));
	return answer(response, kind, url.searchParams);
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
	writeFileSync(`${folder}/port.tmp`, `${this.address().port}\n`);
	renameSync(`${folder}/port.tmp`, `${folder}/port`);
});
setTimeout(() => process.exit(0), 60000);
