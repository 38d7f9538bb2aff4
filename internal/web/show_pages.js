// SPDX-License-Identifier: MIT
// The views that are read rather than looked at, by their name in the address.
'use strict';

import {analysis, group, thread} from '/show_analysis.js';
import {json} from '/show_data.js';
import {bytes, count, duration, element, replace} from '/show_dom.js';
import {findings} from '/show_findings.js';
import {profiles} from '/show_profiles.js';
import {address} from '/show_state.js';
import {log, regions, task, tasks} from '/show_user.js';
import {locks, path} from '/show_waits.js';

function lost(info) {
  const parts = [];
  if (info.lost_events > 0)
    parts.push(`${count(info.lost_events)} events were dropped while recording` +
      (info.lost_to_ns === undefined ? '' : `, between ${duration(info.lost_from_ns)} and ${duration(info.lost_to_ns)}`));
  if (info.lost_switches > 0)
    parts.push(`the kernel dropped ${count(info.lost_switches)} switches`);
  if (info.cut_bytes > 0)
    parts.push(`the file's last ${bytes(info.cut_bytes)} are missing`);
  return element('p', {class: parts.length > 0 ? 'lost' : 'none-lost', id: 'lost'}, parts.length > 0 ? `Lost: ${parts.join('; ')}.` : 'Nothing was lost.');
}

async function start(main, info) {
  const facts = [
    ['program', element('span', {title: info.program}, info.program.split('/').pop())], ['test', info.test], ['ended', info.outcome],
    ['when', new Date(info.start_realtime_ns / 1e6).toLocaleString()],
    ['span', duration(info.span_ns)], ['CPUs', String(info.cpus)], ['threads', count(info.threads.length)],
    ['events', count(info.events)], ['page faults', info.page_faults > 0 ? count(info.page_faults) : null], ['who ran when', info.source], ['note', info.note],
  ];
  const views = [['cpus', 'Timeline by CPU', 'who ran on each CPU; threads, heap, network and system calls over time'],
    ['threads', 'Timeline by thread', 'what each thread did, and what it waited for'],
    ...Object.entries(pages).filter(([, page]) => page.title).map(([name, page]) => [name, page.title, page.about])];
  const found = element('ul', {id: 'findings'}, element('li', {class: 'weak'}, 'looking for what is telling ...'));
  replace(main, lost(info),
    element('dl', {class: 'facts'}, facts.filter(([, value]) => value).map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    element('h2', {}, 'Findings'), found,
    element('h2', {}, 'Views'),
    element('ul', {class: 'views'}, views.map(([name, title, about]) => element('li', {}, element('a', {href: address({page: name})}, title), ` ${about}`))));
  const [stat, waits] = await Promise.all([json('stat'), json('locks')]);
  const sentences = findings(info, stat, waits);
  replace(found, sentences.map((sentence) => element('li', {}, sentence)));
}

export const pages = {
  start: {open: start},
  analysis: {title: 'Threads', about: 'how long each was in which state, by start function', open: analysis},
  group: {open: group},
  thread: {open: thread},
  locks: {title: 'Locks', about: 'who waited where, and who held it where', open: locks},
  path: {title: 'Critical path', about: 'the chain of running and waking that decided how long it took', open: path},
  tasks: {title: 'Tasks', about: "the program's own tasks: how long they took, and the slowest", open: tasks},
  task: {open: task},
  regions: {title: 'Regions', about: "the program's own regions, likewise", open: regions},
  log: {title: 'Log', about: 'what the program wrote to the trace', open: log},
  profiles: {title: 'Profiles', about: 'network, synchronisation, system calls, waiting for a CPU: flame graphs, call graphs, and files for pprof; the trace for Perfetto', open: profiles},
};
