// SPDX-License-Identifier: MIT
// What the program told the trace itself: tasks, regions, log.
'use strict';

import {json} from '/show_data.js';
import {eventTitle, threadLink} from '/show_details.js';
import {count, duration, element, moment, replace, table} from '/show_dom.js';
import {address} from '/show_state.js';

// Bars of powers of two: 2^i ns up to twice that.
function histogram(bars) {
  const first = bars.findIndex((bar) => bar > 0);
  const last = bars.findLastIndex((bar) => bar > 0);
  const most = Math.max(...bars);
  if (first < 0)
    return null;
  return element('div', {class: 'histogram', role: 'img', 'aria-label': bars.slice(first, last + 1).map((bar, i) => `${duration(2 ** (first + i))}: ${bar}`).join(', ')},
    bars.slice(first, last + 1).map((bar, i) => element('div', {title: `${duration(2 ** (first + i))} to ${duration(2 ** (first + i + 1))}: ${count(bar)}`},
      element('i', {style: `height:${Math.max(bar / most * 40, bar > 0 ? 2 : 0)}px`}), element('span', {}, i % 3 === 0 ? duration(2 ** (first + i)) : ''))));
}

function slowest(list, isTask) {
  return element('ol', {}, list.map((one) => element('li', {}, isTask
    ? element('a', {href: address({page: 'task', id: one.task})}, duration(one.end - one.start)) : duration(one.end - one.start),
  ' at ', moment(one.start, 100), ' in ', threadLink(one.thread, one.start))));
}

function latencies(list, isTask, id) {
  return table([
    {title: 'name', value: (row) => row.name},
    {title: 'count', number: true, value: (row) => row.count, show: (row) => count(row.count)},
    {title: 'mean', number: true, value: (row) => row.total_ns / row.count, show: (row) => duration(row.total_ns / row.count)},
    {title: 'total', number: true, value: (row) => row.total_ns, show: (row) => duration(row.total_ns)},
    {title: 'how long', value: (row) => row.total_ns / row.count, show: (row) => histogram(row.bars)},
    {title: 'the slowest', value: (row) => row.slowest[0].end - row.slowest[0].start, show: (row) => slowest(row.slowest, isTask)},
  ], list, {sort: 3, id});
}

const none = (what, how) => element('p', {}, `The program told of no ${what}: ${how} of pprofmk.h does.`);

export async function regions(main) {
  const found = await json('regions');
  replace(main, element('h2', {}, 'Regions'), found.regions.length === 0 ? none('region', 'PPROF_REGION("name") { ... }') : latencies(found.regions, false, 'regions'));
}

export async function tasks(main) {
  const found = await json('tasks');
  replace(main, element('h2', {}, 'Tasks'),
    found.unfinished > 0 ? element('p', {class: 'weak'}, `${count(found.unfinished)} had not ended when the trace did; they count up to there.`) : null,
    found.tasks.length === 0 ? none('task', 'pprof_task_begin("name")') : latencies(found.tasks, true, 'tasks'));
}

function eventTable(events, id) {
  return table([
    {title: 'at', number: true, value: (event) => event.start, show: (event) => moment(event.start, 100)},
    {title: 'took', number: true, value: (event) => event.end - event.start, show: (event) => (event.end > event.start ? duration(event.end - event.start) : '')},
    {title: 'thread', value: (event) => event.thread.tid, show: (event) => threadLink(event.thread, event.start)},
    {title: 'what', value: (event) => eventTitle(event)},
  ], events, {sort: 0, descending: false, id});
}

export async function task(main, info, state) {
  const found = await json('task', {task: state.id});
  replace(main, element('h2', {}, `Task ${state.id}`), found.cut ? element('p', {class: 'weak'}, 'Only the first of its events are shown.') : null, eventTable(found.events, 'task'));
}

export async function log(main) {
  const found = await json('log');
  replace(main, element('h2', {}, 'Log'), found.cut ? element('p', {class: 'weak'}, 'Only the first lines are shown.') : null,
    found.events.length === 0 ? none('line', 'pprof_log("category", "text")') : eventTable(found.events, 'log'));
}
