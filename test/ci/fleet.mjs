// SPDX-License-Identifier: MIT
// Would Parca or Alloy take a configuration? It is read as YAML or as Alloy's own syntax, and its keys, types and times are held
// against what their sources define. What is wrong is printed, and the status is 1.
//
// Usage: node fleet.mjs parca|alloy FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const yaml = createRequire(import.meta.url)('js-yaml');
const problems = [];
const wrong = (where, text) => problems.push(`${where}: ${text}`);

// A shape: 'text', 'bool', 'number', 'time', [shape] for a list, {key: shape} for a map, any: whatever.
const any = 'any';
const is = {
	any: () => true,
	text: (value) => typeof value === 'string',
	bool: (value) => typeof value === 'boolean',
	number: (value) => Number.isInteger(value),
	time: (value) => seconds(value) > 0,
};

function seconds(text) {
	const parts = [...String(text ?? '').matchAll(/(\d+)(ms|s|m|h)/g)];
	if (!parts.length || parts.map(([all]) => all).join('') !== text) return NaN;
	return parts.reduce((sum, [, n, unit]) => sum + n * { ms: 1e-3, s: 1, m: 60, h: 3600 }[unit], 0);
}

function check(where, value, shape) {
	if (typeof shape === 'string') {
		if (!is[shape](value)) wrong(where, `no ${shape}: ${JSON.stringify(value)}`);
	} else if (Array.isArray(shape)) {
		if (!Array.isArray(value)) wrong(where, 'no list');
		else value.forEach((item, i) => check(`${where}[${i}]`, item, shape[0]));
	} else if (value === null || typeof value !== 'object') {
		wrong(where, 'no map');
	} else {
		for (const [key, item] of Object.entries(value)) {
			const known = shape[key] ?? shape['*'];
			if (known) check(`${where}.${key}`, item, known);
			else wrong(where, `no key ${key}`);
		}
	}
}

// Parca's pkg/config/config.go; decoded with KnownFields(true). HTTPClientConfig is prometheus/common's config/http_config.go.
const parcaProfile = { enabled: 'bool', path: 'text', delta: 'bool', seconds: 'number', keep_sample_type: [{ type: 'text', unit: 'text' }] };
const parcaShape = {
	object_storage: { bucket: { type: 'text', config: any, prefix: 'text' } },
	scrape_configs: [{
		job_name: 'text', params: any, scrape_interval: 'time', scrape_timeout: 'time', scheme: 'text', normalized_addresses: 'bool',
		profiling_config: { pprof_config: { '*': parcaProfile }, path_prefix: 'text' },
		relabel_configs: any, static_configs: [{ targets: ['text'], labels: { '*': 'text' } }],
		basic_auth: { username: 'text', password: 'text', password_file: 'text' },
		authorization: { type: 'text', credentials: 'text', credentials_file: 'text' },
		bearer_token: 'text', bearer_token_file: 'text', follow_redirects: 'bool', enable_http2: 'bool', proxy_url: 'text', tls_config: any,
	}],
};
const parcaDefaults = {
	memory: '/debug/pprof/allocs', block: '/debug/pprof/block', goroutine: '/debug/pprof/goroutine', mutex: '/debug/pprof/mutex',
	process_cpu: '/debug/pprof/profile',
};

// What the five are, and no more.
function checkPaths(where, profiles) {
	for (const [name, path] of Object.entries(parcaDefaults)) {
		const profile = profiles[name];
		if (!profile?.enabled || profile.path !== path) wrong(where, `${name} is not asked for at ${path}`);
		if (Boolean(profile?.delta) !== (name === 'process_cpu')) wrong(where, `delta of ${name}`);
	}
}

// ScrapeConfig.UnmarshalYAML and CheckTargetAddress.
function checkParca(text) {
	const config = yaml.load(text);
	check('parca', config, parcaShape);
	for (const job of config?.scrape_configs ?? []) {
		const interval = seconds(job.scrape_interval ?? '10s');
		const timeout = job.scrape_timeout ? seconds(job.scrape_timeout) : interval + 3;
		const profiles = job.profiling_config?.pprof_config ?? {};
		if (!job.job_name) wrong('job', 'job_name is empty');
		if (timeout <= interval) wrong(job.job_name, 'scrape timeout must be greater than the interval');
		if (timeout < 2) wrong(job.job_name, 'process_cpu scrape_timeout must be at least 2 seconds');
		if ((profiles.process_cpu?.seconds ?? interval) >= timeout) wrong(job.job_name, 'a cpu profile takes longer than the timeout');
		if (job.authorization && (job.bearer_token || job.bearer_token_file || job.basic_auth)) wrong(job.job_name, 'two ways to say who we are');
		for (const target of (job.static_configs ?? []).flatMap((group) => group.targets))
			if (target.includes('/')) wrong(job.job_name, `"${target}" is not a valid hostname`);
		checkPaths(job.job_name, profiles);
	}
}

// Alloy's syntax: attributes `name = value`, blocks `name.of.block "label" { ... }`; // comments.
function parseAlloy(text) {
	const all = text.match(/\/\/.*|"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|\d+|[{}[\]=,]/g) ?? [];
	if (text.replace(/\s/g, '') !== all.join('').replace(/\s/g, '')) throw new Error('what is no token');
	const tokens = all.filter((token) => !token.startsWith('//'));
	let at = 0;
	const expect = (token) => {
		if (tokens[at++] !== token) throw new Error(`${token} expected, not ${tokens[at - 1]}`);
	};
	const list = (end, item) => {
		const items = [];
		for (at++; tokens[at] !== end; ) {
			items.push(item());
			if (tokens[at] !== end) expect(',');
		}
		at++;
		return items;
	};
	const value = () => {
		const token = tokens[at];
		if (token === '[') return list(']', value);
		if (token === '{')
			return Object.fromEntries(list('}', () => {
				const key = JSON.parse(tokens[at++]);
				expect('=');
				return [key, value()];
			}));
		at++;
		if (token === 'true' || token === 'false') return token === 'true';
		if (/^["\d]/.test(token ?? '')) return JSON.parse(token);
		return { reference: token };
	};
	const body = (end) => {
		const found = { attributes: {}, blocks: [] };
		while (tokens[at] !== end) {
			const name = tokens[at++];
			if (!/^[A-Za-z_]/.test(name ?? '')) throw new Error(`a name expected, not ${name}`);
			if (tokens[at] === '=') {
				at++;
				if (name in found.attributes) throw new Error(`${name} twice`);
				found.attributes[name] = value();
				continue;
			}
			const label = tokens[at].startsWith('"') ? JSON.parse(tokens[at++]) : '';
			expect('{');
			found.blocks.push({ name, label, ...body('}') });
			expect('}');
		}
		return found;
	};
	return body(undefined);
}

// internal/component/pyroscope/scrape/scrape.go, pyroscope/write/write.go and common/config/types.go: attributes, and blocks.
const alloyClient = {
	attributes: { bearer_token: 'text', bearer_token_file: 'text', proxy_url: 'text', no_proxy: 'text', proxy_from_environment: 'bool',
		follow_redirects: 'bool', enable_http2: 'bool', http_headers: any },
	blocks: {
		basic_auth: { attributes: { username: 'text', password: 'text', password_file: 'text' }, blocks: {} },
		authorization: { attributes: { type: 'text', credentials: 'text', credentials_file: 'text' }, blocks: {} },
	},
};
const alloyProfile = { attributes: { enabled: 'bool', path: 'text', delta: 'bool' }, blocks: {} };
const alloyShape = {
	'pyroscope.scrape': {
		attributes: { targets: [{ '*': 'text' }], forward_to: any, job_name: 'text', params: any, scrape_interval: 'time',
			scrape_timeout: 'time', scheme: 'text', delta_profiling_duration: 'time', ...alloyClient.attributes },
		required: ['targets', 'forward_to'],
		blocks: { ...alloyClient.blocks,
			profiling_config: { attributes: { path_prefix: 'text' },
				blocks: Object.fromEntries([...Object.keys(parcaDefaults), 'fgprof', 'godeltaprof_memory', 'godeltaprof_mutex',
					'godeltaprof_block'].map((name) => [`profile.${name}`, alloyProfile])) } },
	},
	'pyroscope.write': {
		attributes: { external_labels: any },
		blocks: { endpoint: { attributes: { name: 'text', url: 'text', remote_timeout: 'time', headers: any, ...alloyClient.attributes },
			required: ['url'], blocks: alloyClient.blocks } },
	},
};

function checkBlock(where, block, shape) {
	check(where, block.attributes, shape.attributes);
	for (const name of shape.required ?? []) if (!(name in block.attributes)) wrong(where, `${name} is missing`);
	for (const below of block.blocks) {
		if (!shape.blocks[below.name]) wrong(where, `no block ${below.name}`);
		else checkBlock(`${where}.${below.name}`, below, shape.blocks[below.name]);
	}
}

// Arguments.Validate, and that something takes what is asked for.
function checkAlloy(text) {
	const { blocks } = parseAlloy(text);
	const receivers = blocks.filter(({ name }) => name === 'pyroscope.write').map(({ label }) => `pyroscope.write.${label}.receiver`);
	for (const block of blocks) {
		const where = `${block.name} "${block.label}"`;
		if (!alloyShape[block.name]) {
			wrong(where, 'no such component');
			continue;
		}
		checkBlock(where, block, alloyShape[block.name]);
		if (block.name !== 'pyroscope.scrape') continue;
		const { scrape_interval: interval = '15s', scrape_timeout: timeout = '10s', delta_profiling_duration: delta = '14s' } = block.attributes;
		if (seconds(interval) < 2) wrong(where, 'scrape_interval must be at least 2 seconds when using delta profiling');
		if (!(seconds(timeout) > 0)) wrong(where, 'scrape_timeout must be greater than 0');
		if (seconds(delta) <= 1) wrong(where, 'delta_profiling_duration must be larger than 1 second');
		if (seconds(delta) > seconds(interval) - 1) wrong(where, 'delta_profiling_duration must be at least 1 second smaller than scrape_interval');
		for (const { reference } of block.attributes.forward_to)
			if (!receivers.includes(reference)) wrong(where, `nothing is called ${reference}`);
		if (!block.attributes.targets.every((target) => target.__address__ && target.service_name)) wrong(where, 'a target without address or service_name');
		const config = block.blocks.find(({ name }) => name === 'profiling_config');
		checkPaths(where, Object.fromEntries((config?.blocks ?? []).map((profile) => [profile.name.replace('profile.', ''), profile.attributes])));
	}
}

const [what, file] = process.argv.slice(2);
try {
	({ parca: checkParca, alloy: checkAlloy })[what](readFileSync(file, 'utf8'));
} catch (error) {
	wrong(file, error.message);
}
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
