// SPDX-License-Identifier: MIT
// Asks a program's endpoint once as Parca or Grafana Alloy do, the five default paths at the same time, and checks the answers as
// their sources do: Parca's pkg/scrape (scrape.go, target.go) and pkg/normalizer/validate.go; Alloy's internal/component/pyroscope/
// scrape (target.go, scrape_loop.go, validate.go, delta_profiles.go). Besides: names and build ids, which the servers do without.
//
// Usage: node scraper.mjs parca|alloy ADDRESS INTERVAL_S
//   PPROF_HTTP_TOKEN in the environment: sent as a bearer token
// Prints a line for each path: its name there, and how many samples; or what is wrong, and then the status is 1.
import { gunzipSync } from 'node:zlib';
import { all, first, numbers } from './proto.mjs';

const [who, address, intervalText] = process.argv.slice(2);
const interval = Number(intervalText);
const paths = { memory: 'allocs', block: 'block', goroutine: 'goroutine', mutex: 'mutex', process_cpu: 'profile' };
// What Alloy makes differences of.
const deltas = {
	memory: ['alloc_objects/count', 'alloc_space/bytes'],
	mutex: ['contentions/count', 'delay/nanoseconds'],
	block: ['contentions/count', 'delay/nanoseconds'],
};
// target.go of either. How long they wait is that of their default intervals, 10 and 15 s, though a profile is shorter here; to its 10 s
// Alloy's scrape_loop.go adds the interval, less a second, where a profile takes its time.
const scrapers = {
	parca: { seconds: interval, timeout: () => 13, agent: 'conprof/test', good: (status) => status === 200 },
	alloy: { seconds: interval - 1, timeout: (delta) => 10 + (delta ? 14 : 0), agent: 'Alloy/test', good: (status) => status >= 200 && status < 300 },
};

function demand(condition, text) {
	if (!condition) throw new Error(text);
}

// ValidatePprofProfile: everything is there, and ids count from 1.
function readProfile(bytes) {
	const strings = all(bytes, 6).map((text) => new TextDecoder('utf-8', { fatal: true }).decode(text));
	const text = (message, field) => {
		const index = Number(first(message, field));
		demand(index === 0 || index < strings.length, `a string number ${index}`);
		return strings[index] ?? '';
	};
	demand(strings[0] === '', 'first item in string table is expected to be empty string');
	const types = all(bytes, 1).map((type) => `${text(type, 1)}/${text(type, 2)}`);
	const table = (field, what) => all(bytes, field).map((entry, i) => {
		demand(first(entry, 1) === BigInt(i + 1), `${what} id is not sequential`);
		return entry;
	});
	const mappings = table(3, 'mapping').map((entry) => ({ file: text(entry, 5), build: text(entry, 6) }));
	const functions = table(5, 'function').map((entry) => text(entry, 2));
	const locations = table(4, 'location').map((entry) => {
		const mapping = Number(first(entry, 2));
		const lines = all(entry, 4).map((line) => Number(first(line, 1)));
		demand(mapping <= mappings.length, 'location has invalid mapping id');
		demand(lines.every((id) => id <= functions.length), 'location has invalid function id');
		return { mapping: mappings[mapping - 1], names: lines.map((id) => functions[id - 1]) };
	});
	const samples = all(bytes, 2);
	for (const sample of samples) {
		demand(numbers(sample, 2).length === types.length, 'sample has other values than types');
		demand(numbers(sample, 1).every((id) => id > 0n && id <= BigInt(locations.length)), 'location number is out of range');
		demand(all(sample, 3).every((label) => first(label, 1) > 0n), 'label has no key');
	}
	demand(types.length > 0, 'missing sample type information');
	return { types, mappings, locations, samples };
}

// Alloy's validateProfileData.
function checkAsAlloy(body, type, name) {
	demand(type?.startsWith('application/octet-stream'), `unexpected Content-Type ${type}`);
	demand(!/^\s*<[!hbt]/i.test(body.subarray(0, 100).toString('latin1')), 'text response instead of pprof');
	demand(body.length > 2, 'data too short for pprof format');
	const profile = readProfile(unpack(body));
	for (const wanted of deltas[name] ?? []) demand(profile.types.includes(wanted), `no sample type ${wanted}`);
}

function unpack(body) {
	return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}

// Frames with names, files with build ids: but for the kernel's page, which is no file.
function checkNames({ mappings, locations }) {
	const named = locations.filter(({ names }) => names.length && names.every(Boolean)).length;
	demand(named === locations.length, `${locations.length - named} of ${locations.length} locations have no name`);
	demand(mappings.length > 0, 'no mapping');
	for (const { file, build } of mappings) if (file.startsWith('/')) demand(/^[0-9a-f]{16,}$/.test(build), `${file} has no build id`);
}

async function scrape(name, path) {
	const { seconds, timeout, agent, good } = scrapers[who];
	const delta = name === 'process_cpu';
	const headers = { 'user-agent': agent };
	if (process.env.PPROF_HTTP_TOKEN) headers.authorization = `Bearer ${process.env.PPROF_HTTP_TOKEN}`;
	const response = await fetch(`http://${address}/debug/pprof/${path}${delta ? `?seconds=${seconds}` : ''}`,
		{ headers, redirect: 'manual', signal: AbortSignal.timeout(timeout(delta) * 1000) });
	const body = Buffer.from(await response.arrayBuffer());
	demand(good(response.status), `server returned HTTP status ${response.status}: ${body.toString().trim().slice(0, 200)}`);
	demand(body.length > 0, `empty ${name} profile`);
	if (who === 'alloy') checkAsAlloy(body, response.headers.get('content-type'), name);
	const profile = readProfile(unpack(body));
	checkNames(profile);
	return `${name} ${profile.samples.length}`;
}

const results = await Promise.all(Object.entries(paths).map(async ([name, path]) => {
	try {
		return await scrape(name, path);
	} catch (error) {
		process.exitCode = 1;
		return `${name}: ${error.message}`;
	}
}));
console.log(results.join('\n'));
