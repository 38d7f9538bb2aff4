// SPDX-License-Identifier: MIT
// Thread analysis: groups by start function, the threads of one, and one thread.
'use strict';

import {json, url} from '/show_data.js';
import {threadLink} from '/show_details.js';
import {count, duration, element, moment, percent, replace, table, threadName} from '/show_dom.js';
import {stateColour} from '/show_palette.js';
import {address} from '/show_state.js';
import {Timeline} from '/show_timeline.js';

const kinds = [['net', 'network'], ['sync', 'synchronisation'], ['syscall', 'system calls'], ['sched', 'waiting for a CPU']];

// A state by its colour and name, as bars have it.
export function named(state) {
  return [element('span', {class: 'swatch', style: `background:${stateColour(state)}`}), state];
}

// What a bar's colours are, where no columns say it.
export function parts(ns, more = '') {
  return element('p', {class: `parts ${more}`}, Object.entries(ns).filter(([, value]) => value > 0)
    .map(([state, value]) => element('span', {}, named(state), ` ${duration(value)} `)));
}

// What a thread did, as one bar.
export function bar(ns, total) {
  return element('span', {class: 'bar', role: 'img', 'aria-label': Object.entries(ns).filter(([, value]) => value > 0)
    .map(([state, value]) => `${state} ${percent(value / total)}`).join(', ')},
  Object.entries(ns).filter(([, value]) => value > 0).map(([state, value]) =>
    element('i', {title: `${state} ${duration(value)}`, style: `background:${stateColour(state)};width:${100 * value / total}%`})));
}

// A column for each state. Where these are many, a narrow window has one for all waits together, and each below the bar.
const ACTIVE = ['running', 'syscall', 'runnable'];
const MANY = 2;

const waitsOf = (states) => states.filter((state) => !ACTIVE.includes(state));

function timeColumns(states) {
  const waits = waitsOf(states);
  const isMany = waits.length > MANY;
  const waited = (row) => waits.reduce((sum, state) => sum + row.ns[state], 0);
  const column = (title, value, more) => ({title, number: true, class: more, value, show: (row) => (value(row) > 0 ? duration(value(row)) : '')});
  const ofState = (more) => (state) => column(named(state), (row) => row.ns[state], more);
  return [...states.filter((state) => ACTIVE.includes(state)).map(ofState()), ...(isMany ? [column('waiting', waited, 'coarse')] : []),
    ...waits.map(ofState(isMany ? 'fine' : ''))];
}

function barColumn(states) {
  const waits = waitsOf(states);
  const below = (row) => (waits.length > MANY ? parts(Object.fromEntries(waits.map((state) => [state, row.ns[state]])), 'coarse') : null);
  return {title: 'states', value: (row) => row.total_ns, show: (row) => element('div', {}, bar(row.ns, row.total_ns || 1), below(row))};
}

// Only states that some thread was in.
function statesOf(rows) {
  const states = rows.length > 0 ? Object.keys(rows[0].ns) : [];
  return states.filter((state) => rows.some((row) => row.ns[state] > 0));
}

function groupColumns(groups, all) {
  const states = statesOf(groups);
  return [
    {title: 'start function', value: (row) => row.started_with, show: (row) => element('a', {href: address({page: 'group', fn: row.started_with})}, row.started_with || '?')},
    {title: 'count', number: true, value: (row) => row.count, show: (row) => count(row.count)},
    {title: [named('running')[0], 'execution'], number: true, value: (row) => row.ns.running, show: (row) => duration(row.ns.running)},
    {title: 'share', number: true, value: (row) => row.ns.running, show: (row) => percent(row.ns.running / (all || 1))},
    {title: 'total', number: true, value: (row) => row.total_ns, show: (row) => duration(row.total_ns)},
    barColumn(states),
    ...timeColumns(states.filter((state) => state !== 'running')),
  ];
}

export async function analysis(main, info, state) {
  const stat = await json('stat', {from: state.from, to: state.to});
  replace(main, element('h2', {}, 'Threads by start function'),
    element('p', {}, `${moment(stat.from_ns, 1000)} to ${moment(stat.to_ns, 1000)}; columns do not overlap and add up to the total.`),
    table(groupColumns(stat.groups, stat.ns.running), stat.groups, {sort: 2, id: 'groups'}));
}

function profileLinks(parameters) {
  return element('ul', {}, kinds.map(([of, name]) => element('li', {}, element('a', {href: address({page: 'profiles', of, ...parameters})}, name), ' ',
    element('a', {href: url('profile', {of, ...parameters}), download: ''}, '.pb.gz'))));
}

export async function group(main, info, state) {
  const stat = await json('stat', {from: state.from, to: state.to});
  const found = stat.groups.find((one) => one.started_with === (state.fn ?? ''));
  if (!found) {
    replace(main, element('p', {class: 'problem'}, `no thread began with "${state.fn ?? ''}"`));
    return;
  }
  const columns = [
    {title: 'thread', value: (row) => threadName(row), show: (row) => element('a', {href: address({page: 'thread', id: row.thread})}, threadName(row))},
    {title: 'total', number: true, value: (row) => row.total_ns, show: (row) => duration(row.total_ns)},
    barColumn(statesOf(found.threads)),
    ...timeColumns(statesOf(found.threads)),
  ];
  replace(main, element('h2', {}, found.started_with || '?'),
    element('dl', {class: 'facts'}, [['start function', found.started_with || '?'], ['threads', count(found.count)],
      ['execution', `${duration(found.ns.running)}, ${percent(found.ns.running / (stat.ns.running || 1))} of all`]]
      .map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    element('h3', {}, 'where its threads waited'), profileLinks({group: found.started_with}),
    table(columns, found.threads, {sort: 1, id: 'group'}));
}

// Those that a thread woke or was woken by, and how often.
function partners(events, self) {
  const found = new Map();
  for (const event of events) {
    if (!event.waker || event.waker.id === self)
      continue;
    const one = found.get(event.waker.id) ?? {thread: event.waker, waits: 0, ns: 0, last: event.end};
    one.waits++;
    one.ns += event.end - event.start;
    found.set(event.waker.id, one);
  }
  return [...found.values()];
}

export async function thread(main, info, state) {
  const self = info.threads[Number(state.id)];
  if (!self) {
    replace(main, element('p', {class: 'problem'}, `there is no thread ${state.id}`));
    return;
  }
  const ns = Object.fromEntries(info.states.map((name, i) => [name, self.ns[i]]));
  const total = self.end - self.start;
  const {events, cut} = await json('events', {thread: self.id, types: 'wait', limit: 5000});
  const place = element('div', {class: 'timeline small'});
  replace(main, element('h2', {}, threadName(self)),
    element('dl', {class: 'facts'}, [['start function', element('a', {href: address({page: 'group', fn: self.function})}, self.function || '?')],
      ['created by', self.creator === null ? null : threadLink(info.threads[self.creator], self.start)],
      ['lived', `${moment(self.start, 1000)} to ${moment(self.end, 1000)}${self.alive ? ', and on' : ''}, ${duration(total)}`],
      ['events', count(self.events)], ['lost', self.lost > 0 ? count(self.lost) : null],
      ...info.states.map((name) => [named(name), ns[name] > 0 ? `${duration(ns[name])}, ${percent(ns[name] / (total || 1))}` : null])]
      .filter(([, value]) => value).map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    bar(ns, total || 1), place,
    element('p', {}, element('a', {href: address({page: 'threads', show: `t${self.id}`, sel: `t${self.id}@${self.start}`})}, 'among the others')),
    element('h3', {}, `who ended its waits${cut ? ' (of the first 5,000)' : ''}`),
    table([
      {title: 'thread', value: (row) => threadName(row.thread), show: (row) => element('a', {href: address({page: 'thread', id: row.thread.id})}, threadName(row.thread))},
      {title: 'waits', number: true, value: (row) => row.waits, show: (row) => count(row.waits)},
      {title: 'together', number: true, value: (row) => row.ns, show: (row) => duration(row.ns)},
    ], partners(events, self.id), {sort: 2, id: 'partners'}));
  const timeline = new Timeline(place, info, {move() {}, select() {}, range() {}});
  timeline.setSpecs([{key: `t${self.id}`, name: `t${self.id}`, thread: self, title: threadName(self), height: 40}]);
  timeline.setView(self.start, Math.max(self.end, self.start + 1));
}
