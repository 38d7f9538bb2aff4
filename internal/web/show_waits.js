// SPDX-License-Identifier: MIT
// Locks and other objects that were waited for, and the critical path.
'use strict';

import {json} from '/show_data.js';
import {threadLink} from '/show_details.js';
import {bar, parts} from '/show_analysis.js';
import {count, duration, element, moment, percent, replace, stack, table} from '/show_dom.js';
import {address} from '/show_state.js';

const link = (thread, at) => (thread ? threadLink({...thread, id: thread.thread}, at) : '-');

function side(one, nobody) {
  if (!one)
    return nobody;
  return element('div', {}, one.started_with ? element('div', {class: 'place'}, `threads of ${one.started_with}`) : null,
    stack(one.stack) ?? element('div', {class: 'weak'}, 'where is not known'));
}

function pairs(lock) {
  return table([
    {title: 'waits', number: true, value: (pair) => pair.waits, show: (pair) => count(pair.waits)},
    {title: 'total', number: true, value: (pair) => pair.total_ns, show: (pair) => duration(pair.total_ns)},
    {title: 'longest', number: true, value: (pair) => pair.longest.ns, show: (pair) => duration(pair.longest.ns)},
    {title: 'who waited, where', value: (pair) => pair.waiter.started_with, show: (pair) => side(pair.waiter, '-')},
    {title: lock.is_lock ? 'who held it, where it was unlocked' : 'who ended it, where', value: (pair) => pair.ended_by?.started_with ?? '', show: (pair) => side(pair.ended_by, 'not seen')},
  ], lock.pairs, {sort: 1});
}

export async function locks(main, info, state) {
  const found = await json('locks', {from: state.from, to: state.to});
  const details = element('section', {id: 'lock'});
  const choose = (lock) => replace(details, element('h2', {}, `${lock.kind} ${lock.address}`), pairs(lock));
  replace(main, element('h2', {}, 'Locks'),
    element('p', {}, 'What threads waited for. Press an address to see who waited where, and who held it where.'),
    table([
      {title: 'object', value: (lock) => lock.address, show: (lock) => element('button', {type: 'button', class: 'link', onclick: () => choose(lock)}, `${lock.kind} ${lock.address}`)},
      {title: 'waits', number: true, value: (lock) => lock.waits, show: (lock) => count(lock.waits)},
      {title: 'total', number: true, value: (lock) => lock.total_ns, show: (lock) => duration(lock.total_ns)},
      {title: 'longest', number: true, value: (lock) => lock.longest.ns, show: (lock) => element('span', {}, duration(lock.longest.ns), ' of ', link(lock.longest.thread, lock.longest.start_ns))},
      ...(found.locks.some((lock) => lock.unsuccessful > 0)
        ? [{title: 'in vain', number: true, value: (lock) => lock.unsuccessful, show: (lock) => (lock.unsuccessful > 0 ? count(lock.unsuccessful) : '')}] : []),
    ], found.locks, {sort: 2, id: 'locks'}), details);
  // That a thread waits for the end of others is seldom what somebody wants to know.
  const first = found.locks.find((lock) => lock.address === state.lock) ?? found.locks.find((lock) => lock.is_lock) ?? found.locks[0];
  if (first)
    choose(first);
}

export async function path(main, info, state) {
  const found = await json('path', {from: state.from, to: state.to});
  const total = found.to_ns - found.from_ns || 1;
  replace(main, element('h2', {}, 'Critical path'),
    element('p', {}, `What decided that it took ${duration(total)}, from its end in `, link(found.thread), ' back to its beginning. ',
      element('a', {href: address({page: 'threads', path: '1'})}, 'As a chain on the timeline')),
    bar(found.ns, total), parts(found.ns),
    element('h3', {}, 'Functions'),
    table([
      {title: 'function', value: (row) => row.function, show: (row) => element('span', {}, element('span', {class: 'function'}, row.function || '?'), row.file ? element('span', {class: 'place'}, ` ${row.file.split('/').pop()}`) : null)},
      {title: 'flat', number: true, value: (row) => row.flat_ns, show: (row) => duration(row.flat_ns)},
      {title: 'share', number: true, value: (row) => row.flat_ns, show: (row) => percent(row.flat_ns / total)},
      {title: 'with callees', number: true, value: (row) => row.cum_ns, show: (row) => duration(row.cum_ns)},
    ], found.functions.slice(0, 200), {sort: 1, id: 'path-functions'}),
    element('h3', {}, 'Waits'),
    table([
      {title: 'wait', value: (row) => row.state, show: (row) => row.object ?? row.state},
      {title: 'times', number: true, value: (row) => row.times, show: (row) => count(row.times)},
      {title: 'on the path', number: true, value: (row) => row.path_ns, show: (row) => duration(row.path_ns)},
      {title: 'share', number: true, value: (row) => row.path_ns, show: (row) => percent(row.path_ns / total)},
      {title: 'waited beside it', number: true, value: (row) => row.waited_ns, show: (row) => duration(row.waited_ns)},
      {title: 'where', value: (row) => row.stack[0]?.function ?? '', show: (row) => stack(row.stack.slice(0, 6)) ?? ''},
      {title: 'ended at', value: (row) => row.ended_at[0]?.function ?? '', show: (row) => stack(row.ended_at.slice(0, 6)) ?? ''},
    ], found.waits.slice(0, 200), {sort: 2, id: 'path-waits'}),
    element('h3', {}, 'Steps'),
    found.steps_left_out > 0 ? element('p', {class: 'weak'}, `${count(found.steps_left_out)} shorter ones are not shown.`) : null,
    table([
      {title: 'from', number: true, value: (row) => row.start_ns, show: (row) => moment(row.start_ns, 100)},
      {title: 'length', number: true, value: (row) => row.end_ns - row.start_ns, show: (row) => duration(row.end_ns - row.start_ns)},
      {title: 'thread', value: (row) => row.thread, show: (row) => threadLink(info.threads[row.thread], row.start_ns)},
      {title: 'state', value: (row) => row.state},
      {title: 'came', value: (row) => row.came},
      {title: 'for', value: (row) => row.object ?? ''},
    ], longest(found.steps, 500), {sort: 0, descending: false, id: 'path-steps'}));
}

function longest(steps, number) {
  const sorted = [...steps].sort((a, b) => (b.end_ns - b.start_ns) - (a.end_ns - a.start_ns)).slice(0, number);
  return sorted.sort((a, b) => a.start_ns - b.start_ns);
}
