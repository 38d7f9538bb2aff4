// SPDX-License-Identifier: MIT
// Pyroscope's /ingest, played: what it checks of a request is what the sources of Pyroscope check (pkg/ingester/pyroscope/
// ingest_handler.go, api/model/labelset, pkg/og/convert/pprof/profile.go, pkg/validation/validate.go), in their order.
//
// Usage: node ingest.mjs FOLDER [STATUS]
//   FOLDER   gets `port`; `taken`, JSON a line: query, headers, labels, metric, types; and the profiles, N.pb.gz
//   STATUS   answered to everything
// In the environment:
//   WANTED   the Authorization header that is demanded
//   FIRST    what is done to the first requests, words: `503`, `429:2` (with Retry-After), `cut` (the connection ends)
//   PORT     to listen at, else any
// Every request's time, in seconds, is in `times`.
// Ends by itself after a minute.
import { createServer } from 'node:http';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { all, first, numbers } from './proto.mjs';

const [folder, status] = process.argv.slice(2);
const HOUR = 3600e3;

class Refused extends Error {
	constructor(code, text) {
		super(text);
		this.code = code;
	}
}

// labelset.Parse: no way to quote a comma or a brace.
function parseName(text) {
	const labels = {};
	let state = 'name', key = '', value = '';
	for (const r of `${text}{`) {
		if (state === 'name') {
			if (r !== '{') {
				value += r;
				continue;
			}
			labels.__name__ = value.trim();
			if (!/^[-./\w]+$/.test(labels.__name__)) throw new Refused(400, `invalid service name: ${value}`);
			state = 'key';
		} else if (state === 'key') {
			if (r === '}') state = 'done';
			else if (r === '=') [state, value] = ['value', ''];
			else key += r;
		} else if (state === 'value') {
			if (r !== ',' && r !== '}') {
				value += r;
				continue;
			}
			// Also behind a brace: it is the parser's own way.
			state = 'key';
			if (key.trim() !== '__name__' && !/^[\w.]+$/.test(key.trim())) throw new Refused(400, `invalid label name: ${key}`);
			labels[key.trim()] = value.trim();
			key = '';
		}
	}
	return labels;
}

// attime.Parse of digits.
function parseTime(text) {
	if (!/^\d+$/.test(text ?? '')) throw new Refused(400, `time ${text}`);
	if (text.length === 8) return Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
	return Number(text) * ({ 13: 1, 16: 1e-3, 19: 1e-6 }[text.length] ?? 1000);
}

// mime/multipart's ReadForm, of files.
function parseForm(type, body) {
	const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(type)?.[1];
	if (!boundary) throw new Refused(400, 'malformed multipart content type header');
	const fields = {};
	const mark = Buffer.from(`--${boundary}`);
	let at = body.indexOf(mark);
	for (;;) {
		const head = at + mark.length;
		if (body.subarray(head, head + 2).toString() === '--') return fields;
		const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), head);
		if (at < 0 || next < 0) throw new Refused(400, 'multipart: NextPart: EOF');
		const blank = body.indexOf('\r\n\r\n', head);
		const headers = body.subarray(head, blank).toString();
		const name = /name="([^"]*)"/.exec(headers)?.[1];
		if (/filename="/.test(headers)) fields[name] = body.subarray(blank + 4, next);
		at = next + 2;
	}
}

// pprof.RawFromBytesWithLimit and validation.ValidateProfile.
function checkProfile(raw) {
	let bytes = raw;
	if (raw[0] === 0x1f && raw[1] === 0x8b) {
		try {
			bytes = gunzipSync(raw);
		} catch (error) {
			throw new Refused(422, error.message);
		}
	}
	if (bytes.length > 4 << 20) throw new Refused(422, 'exceeds the size limit (max_profile_size_byte)');
	const strings = all(bytes, 6).map((text) => {
		try {
			return new TextDecoder('utf-8', { fatal: true }).decode(text);
		} catch {
			throw new Refused(422, 'invalid utf8 string');
		}
	});
	if (strings[0] !== '') throw new Refused(422, 'string 0 should be empty string');
	const types = all(bytes, 1).map((type) => strings[Number(first(type, 1))]);
	if (!types.length) throw new Refused(422, 'empty profile');
	if (types.some((type) => type.includes('-'))) throw new Refused(422, 'sample type contains -');
	const samples = all(bytes, 2);
	if (samples.length > 16000) throw new Refused(422, 'exceeds the samples count limit');
	for (const sample of samples) {
		if (numbers(sample, 2).length !== types.length) throw new Refused(422, 'sample value length mismatch');
	}
	for (const field of [4, 5])
		if (all(bytes, field).some((entry) => first(entry, 1) === 0n)) throw new Refused(422, 'id is 0');
	const when = Number(first(bytes, 9)) / 1e6;
	if (when && (when < Date.now() - HOUR || when > Date.now() + HOUR / 6)) throw new Refused(422, 'outside of ingestion window');
	return types;
}

// tree.DefaultSampleTypeMapping, and metricName() of pkg/og/convert/pprof/profile.go.
const mapping = { samples: 'cpu', contentions: 'mutex_count', delay: 'mutex_duration', goroutine: 'goroutines' };
function metricName(types, config) {
	let name;
	for (const type of types) {
		name = (config ? config[type]?.['display-name'] : mapping[type]) || type;
		if (name.includes('cpu')) return 'process_cpu';
		if (/alloc_|inuse_/.test(name) || name === 'space' || name === 'objects') return 'memory';
		if (name.includes('mutex_')) return 'mutex';
		if (name.includes('block_')) return 'block';
	}
	return name;
}

function checkLabels(labels) {
	const names = Object.keys(labels);
	if (names.length + 3 > 30) throw new Refused(422, 'too many label names');
	for (const name of names) {
		if (!/^[a-zA-Z_]\w*$/.test(name)) throw new Refused(422, `invalid label name ${name}`);
		if (name.length > 1024 || Buffer.byteLength(labels[name]) > 2048) throw new Refused(422, 'label too long');
	}
}

let taken = 0;

function ingest(request, body) {
	const url = new URL(request.url, 'http://x');
	const query = Object.fromEntries(url.searchParams);
	if (url.pathname !== '/ingest' || request.method !== 'POST') throw new Refused(404, 'page not found');
	if (process.env.WANTED && request.headers.authorization !== process.env.WANTED) throw new Refused(401, 'no credentials');
	const labels = parseName(query.name ?? '');
	if (parseTime(query.from) > parseTime(query.until)) throw new Refused(400, 'from is after until');
	// format=pprof stands before the content type there: the body is then the profile, whatever else it says.
	const form = query.format === 'pprof' ? { profile: body } : parseForm(request.headers['content-type'] ?? '', body);
	if (!form.profile?.length) throw new Refused(422, 'no profile in the form: it would be passed over in silence');
	const config = form.sample_type_config && JSON.parse(form.sample_type_config.toString());
	const types = checkProfile(form.profile);
	checkLabels(labels);
	writeFileSync(`${folder}/${++taken}.pb.gz`, form.profile);
	appendFileSync(`${folder}/taken`, `${JSON.stringify({
		labels, metric: metricName(types, config), types, query, tenant: request.headers['x-scope-orgid'] ?? '' })}\n`);
}

const fates = (process.env.FIRST ?? '').split(' ').filter(Boolean);

// False: it is to be answered as usual.
function failed(request, response) {
	const fate = fates.shift();
	if (!fate) return false;
	const [code, wait] = fate.split(':');
	if (code === 'cut') request.socket.destroy();
	else response.writeHead(Number(code), wait && { 'Retry-After': wait }).end('not now\n');
	return true;
}

createServer((request, response) => {
	const pieces = [];
	appendFileSync(`${folder}/times`, `${Date.now() / 1000}\n`);
	request.on('data', (piece) => pieces.push(piece)).on('end', () => {
		if (failed(request, response)) return;
		try {
			if (status) throw new Refused(Number(status), 'as told\x1b[31m');
			ingest(request, Buffer.concat(pieces));
			response.end();
		} catch (error) {
			appendFileSync(`${folder}/refused`, `${error.message}\n`);
			// What is no protobuf message, too.
			response.writeHead(error.code ?? 422).end(`${error.message}\n`);
		}
	});
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
	writeFileSync(`${folder}/port.tmp`, `${this.address().port}\n`);
	renameSync(`${folder}/port.tmp`, `${folder}/port`);
});
setTimeout(() => process.exit(0), 60000);
