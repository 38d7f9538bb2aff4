// SPDX-License-Identifier: MIT
// Reads what `protoc --decode=perfetto.protos.Trace test/helpers/perfetto.proto` prints of a trace, checks Perfetto's rules, and prints what
// is in it as JSON. Ends with 1 and a line for each rule that is broken.
//
// Usage: protoc --decode=... <F.pftrace | node perfetto.mjs
import { readFileSync } from "node:fs";

const broken = [];
const rule = (holds, text) => holds || broken.length > 20 || broken.push(text);

// protoc's text: `name: value`, `name {` and `}`. A field that has no name is one that the schema does not know.
function parse(text) {
	const root = {}, stack = [root];
	for (const line of text.split("\n")) {
		const top = stack[stack.length - 1];
		const match = /^\s*(?:(\w+) \{|(\w+): (.*)|(\}))$/.exec(line);
		if (!match) {
			rule(line === "", `a line that is none of protoc's: ${line}`);
			continue;
		}
		const name = match[1] ?? match[2];
		rule(name === undefined || !/^\d/.test(name), `a field without a name: ${name}`);
		if (match[4]) {
			stack.pop();
		} else if (match[1]) {
			const message = {};
			(top[name] ??= []).push(message);
			stack.push(message);
		} else {
			(top[name] ??= []).push(match[3]);
		}
	}
	return root;
}

const one = (message, name, otherwise) => message?.[name]?.[0] ?? otherwise;
const text_of = (value) => (value === undefined ? undefined : JSON.parse(value.replace(/\\'/g, "'").replace(/\\([0-7]{3})/g, "?")));
const trace = parse(readFileSync(0, "latin1"));
const packets = trace.packet ?? [];

// Names are known from the packet on that brings them.
const lists = ["event_categories", "event_names", "debug_annotation_names", "function_names", "frames", "callstacks", "mapping_paths",
	"source_paths", "mappings"];
const known = Object.fromEntries(lists.map((list) => [list, new Map()]));
const refer = (list, iid, what) => rule(known[list].has(iid), `${what}: ${list} has no ${iid}`);
const tracks = new Map();

function learn(data) {
	for (const list of lists)
		for (const item of data[list] ?? []) {
			rule(one(item, "iid") > 0, `${list}: an iid that is none`);
			rule(!known[list].has(one(item, "iid")), `${list}: ${one(item, "iid")} twice`);
			known[list].set(one(item, "iid"), item);
		}
	for (const mapping of data.mappings ?? []) for (const iid of mapping.path_string_ids) refer("mapping_paths", iid, "mapping");
	for (const frame of data.frames ?? []) {
		refer("function_names", one(frame, "function_name_id"), "frame");
		if (frame.mapping_id) {
			refer("mappings", one(frame, "mapping_id"), "frame");
			rule(frame.rel_pc, "frame: a mapping without rel_pc");
		}
		if (frame.source_path_iid) refer("source_paths", one(frame, "source_path_iid"), "frame");
	}
	for (const stack of data.callstacks ?? []) for (const iid of stack.frame_ids ?? []) refer("frames", iid, "callstack");
}

packets.forEach((packet, i) => {
	const flags = Number(one(packet, "sequence_flags", 0));
	rule(one(packet, "trusted_packet_sequence_id") === "1", `packet ${i}: another sequence`);
	rule(flags === (i === 0 ? 3 : 2), `packet ${i}: sequence_flags ${flags}`);
	rule((one(packet, "first_packet_on_sequence") === "true") === (i === 0), `packet ${i}: first_packet_on_sequence`);
	if (packet.interned_data) learn(packet.interned_data[0]);
	const track = one(packet, "track_descriptor");
	if (track) {
		rule(!tracks.has(one(track, "uuid")), `track ${one(track, "uuid")} twice`);
		rule(!track.parent_uuid || tracks.has(one(track, "parent_uuid")), "a track without its parent");
		tracks.set(one(track, "uuid"), { descriptor: track, events: [] });
	}
	const event = one(packet, "track_event");
	if (!event) return;
	rule(tracks.has(one(event, "track_uuid")), `packet ${i}: no track ${one(event, "track_uuid")}`);
	for (const iid of event.category_iids ?? []) refer("event_categories", iid, `packet ${i}`);
	if (event.name_iid) refer("event_names", one(event, "name_iid"), `packet ${i}`);
	if (event.callstack_iid) refer("callstacks", one(event, "callstack_iid"), `packet ${i}`);
	for (const item of event.debug_annotations ?? []) refer("debug_annotation_names", one(item, "name_iid"), `packet ${i}`);
	tracks.get(one(event, "track_uuid"))?.events.push({ ns: BigInt(one(packet, "timestamp", 0)), event });
});

// Readers sort by time, and keep the order of the file at one moment.
const in_time = (items) => items.map((item, i) => [item, i]).sort(([a, i], [b, j]) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : i - j)).map(([item]) => item);
const name_of = (event) => text_of(one(known.event_names.get(one(event, "name_iid")), "name"));
const slices = {}, instants = {};
const flows = new Map();
let counters = 0;

for (const [uuid, track] of tracks) {
	const open = [];
	for (const { ns, event } of in_time(track.events)) {
		const type = one(event, "type");
		if (type === "TYPE_SLICE_BEGIN") {
			open.push({ name: name_of(event), ns });
		} else if (type === "TYPE_SLICE_END") {
			const begun = open.pop();
			rule(begun, `track ${uuid}: an end without a beginning`);
			if (!begun) continue;
			const sum = (slices[begun.name] ??= { count: 0, ns: 0 });
			sum.count++;
			sum.ns += Number(ns - begun.ns);
		} else if (type === "TYPE_INSTANT") {
			const name = name_of(event).replace(/ .*/, "");
			instants[name] = (instants[name] ?? 0) + 1;
		} else {
			rule(type === "TYPE_COUNTER" && track.descriptor.counter, `track ${uuid}: ${type}`);
			counters++;
		}
		for (const id of event.flow_ids ?? []) rule(!flows.has(id) && flows.set(id, { ns, ends: 0 }), `flow ${id} begins twice`);
	}
	rule(open.length === 0, `track ${uuid}: ${open.length} slices that do not end`);
}
for (const track of tracks.values())
	for (const { ns, event } of track.events)
		for (const id of event.terminating_flow_ids ?? []) {
			const flow = flows.get(id);
			rule(flow && flow.ends++ === 0 && flow.ns <= ns, `flow ${id} ends without, before or beside its beginning`);
		}
for (const [id, flow] of flows) rule(flow.ends === 1, `flow ${id} does not end`);

// One thread at a time on a CPU, and none said to run twice in a row.
const states = in_time(packets.filter((packet) => packet.generic_kernel_task_state_event).map((packet) => ({
	ns: BigInt(one(packet, "timestamp", 0)), event: one(packet, "generic_kernel_task_state_event") })));
const threads = {}, cpus = new Map();
for (const { ns, event } of states) {
	const tid = one(event, "tid"), state = one(event, "state"), cpu = one(event, "cpu");
	const thread = (threads[tid] ??= { running_ns: 0, runnable_ns: 0, sleep_ns: 0 });
	if (thread.state === "TASK_STATE_RUNNING") {
		thread.running_ns += Number(ns - thread.ns);
		cpus.delete(thread.cpu);
		rule(state !== "TASK_STATE_RUNNING", `thread ${tid} runs twice in a row at ${ns}`);
	}
	if (thread.state === "TASK_STATE_RUNNABLE") thread.runnable_ns += Number(ns - thread.ns);
	if (thread.state === "TASK_STATE_INTERRUPTIBLE_SLEEP") thread.sleep_ns += Number(ns - thread.ns);
	if (state === "TASK_STATE_RUNNING") {
		rule(!cpus.has(cpu), `two threads run on CPU ${cpu} at ${ns}`);
		cpus.set(cpu, tid);
	}
	Object.assign(thread, { state, ns, cpu });
}

console.log(JSON.stringify({ packets: packets.length, dropped: packets.some((packet) => packet.previous_packet_dropped), slices, instants, flows: flows.size,
	counters, threads: Object.fromEntries(Object.entries(threads).map(([tid, thread]) => [tid, { running_ns: thread.running_ns,
		runnable_ns: thread.runnable_ns, sleep_ns: thread.sleep_ns, state: thread.state }])) }));
for (const text of broken) console.error(text);
process.exit(broken.length ? 1 : 0);
