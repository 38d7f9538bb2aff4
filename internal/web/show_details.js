// SPDX-License-Identifier: MIT
// The panel beside a timeline: one thing that was chosen, or the sums of a range.
'use strict';

import {json, url} from '/show_data.js';
import {stateColour} from '/show_palette.js';
import {bytes, duration, element, moment, percent, replace, stack, threadName} from '/show_dom.js';
import {address} from '/show_state.js';

const panel = () => document.getElementById('details');

export function close() {
  panel().hidden = true;
  replace(panel());
}

function show(...children) {
  replace(panel(), element('button', {class: 'close', type: 'button', 'aria-label': 'close', onclick: close}, '\u00d7'), children);
  panel().hidden = false;
}

function facts(rows) {
  return element('dl', {}, rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

// A link to a thread at a moment.
export function threadLink(thread, at = null) {
  if (!thread)
    return null;
  const state = {page: 'threads', sel: at === null ? null : `t${thread.id}@${Math.floor(at)}`, show: `t${thread.id}`};
  return element('a', {href: address(state)}, threadName(thread));
}

function argumentText(value) {
  if (value === null)
    return '-';
  if (typeof value === 'object')
    return value.address ? `${value.kind} ${value.address}` : threadName(value);
  return String(value);
}

export function eventTitle(event) {
  const {type, arguments: values} = event;
  if (type === 'region' || type === 'task-begin')
    return `${type === 'region' ? 'region' : 'task'} ${values.name}`;
  if (type === 'log')
    return `${values.category}: ${values.message}`;
  if (type === 'wait')
    return `wait for ${argumentText(values.object) === '-' ? values.kind : argumentText(values.object)}`;
  if (type === 'syscall')
    return `${values.call}${values.descriptor === null ? '' : ` of descriptor ${values.descriptor}`}`;
  return type;
}

function eventFacts(event) {
  return [
    element('h3', {}, eventTitle(event)),
    facts([
      ['start', moment(event.start, 1)],
      ['wall duration', duration(event.end - event.start)],
      ['self time', event.self_ns === undefined ? null : duration(event.self_ns)],
      ['CPU time', event.cpu_ns === undefined ? null : duration(event.cpu_ns)],
      ...Object.entries(event.arguments).map(([name, value]) => [name, argumentText(value)]),
    ]),
    event.waker ? element('p', {}, 'ended by ', threadLink(event.waker, event.end)) : null,
    stack(event.stack, 'stack'),
  ];
}

export function showEvent(event, thread) {
  show(element('h2', {}, thread ? threadName(thread) : 'event'), ...eventFacts(event));
}

export function showNobody(row, why) {
  show(element('h2', {}, row), element('p', {}, why));
}

// A row that heads the threads of one start function.
export function showGroup(name, threads, isFolded) {
  show(element('h2', {}, name), element('p', {}, `started ${threads.length} thread${threads.length === 1 ? '' : 's'}. Enter, or a click on the row, ${isFolded ? 'shows them' : 'folds them into one row'}.`));
}

export function showItem(item) {
  show(
    element('h2', {}, element('span', {class: 'swatch', style: `background:${stateColour(item.state)}`}), `${item.state}: `, threadLink(item.thread, item.start)),
    facts([
      ['start', moment(item.start, 1)],
      ['wall duration', duration(item.end - item.start)],
      ['self time', duration(item.self_ns ?? item.end - item.start)],
      ['CPU time', duration(item.cpu_ns)],
      ['CPU', item.cpu === null ? null : String(item.cpu)],
      ['why', item.preempted ? 'preempted' : null],
      ['object', item.object ? `${item.object.kind} ${item.object.address}` : null],
      ['call', item.call],
    ]),
    stack(item.stack, 'stack at start'),
    item.end_stack ? stack(item.end_stack, 'stack at end') : null,
    item.waker ? element('div', {}, element('h3', {}, 'woken by'), element('p', {}, threadLink(item.waker, item.end)), stack(item.waker_stack)) : null,
    item.woke.length > 0 ? element('div', {}, element('h3', {}, 'woke'), element('ul', {}, item.woke.map((woken) => element('li', {}, threadLink(woken.thread, woken.at), ` at ${moment(woken.at, 1)}`)))) : null,
    ...(item.event ? eventFacts(item.event) : []),
  );
}

export async function showMoment(at, info) {
  const width = Math.max(1, Math.floor(info.span_ns / 1e6));
  const sums = await json('sums', {from: Math.max(0, at - width), to: at + width});
  const length = sums.to - sums.from;
  const threads = (ns) => Number((ns / length).toFixed(2));
  show(element('h2', {}, `at ${moment(at, 1)}`), facts([
    ...sums.ns.map((ns, i) => [info.states[i], ns > 0 ? `${threads(ns)} thread${threads(ns) === 1 ? '' : 's'}` : null]),
    ['heap', sums.heap ? bytes(sums.heap[1]) : null],
  ]));
}

export async function showRange(range, info, thread = null) {
  const sums = await json('sums', {from: range.from, to: range.to, thread: thread?.id});
  const total = sums.ns.reduce((sum, ns) => sum + ns, 0) || 1;
  const kinds = ['cpu', 'sync', 'net', 'syscall', 'sched'];
  show(element('h2', {}, `${duration(range.to - range.from)} chosen`),
    element('p', {}, `${moment(range.from, 1)} to ${moment(range.to, 1)}, ${thread ? threadName(thread) : 'all threads'}`),
    facts(sums.ns.map((ns, i) => [info.states[i], ns > 0 ? `${duration(ns)}, ${percent(ns / total)}` : null])),
    element('h3', {}, 'profiles of it'),
    element('ul', {}, kinds.map((kind) => element('li', {},
      element('a', {href: address({page: 'profiles', of: kind, from: range.from, to: range.to})}, kind), ' ',
      element('a', {href: url('profile', {of: kind, from: range.from, to: range.to}), download: ''}, '.pb.gz')))));
}
