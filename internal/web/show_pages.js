// SPDX-License-Identifier: MIT
// The views that are read rather than looked at.
'use strict';

import {json} from '/show_data.js';
import {bytes, count, duration, element} from '/show_dom.js';
import {address} from '/show_state.js';

function lost(info) {
  const parts = [];
  if (info.lost_events > 0)
    parts.push(`${count(info.lost_events)} events were dropped while recording`);
  if (info.lost_switches > 0)
    parts.push(`the kernel dropped ${count(info.lost_switches)} switches`);
  if (info.cut_bytes > 0)
    parts.push(`the file's last ${bytes(info.cut_bytes)} are missing`);
  return element('p', {class: parts.length > 0 ? 'lost' : 'none-lost', id: 'lost'}, parts.length > 0 ? `Lost: ${parts.join('; ')}.` : 'Nothing was lost.');
}

async function start(main, info) {
  const facts = [
    ['program', info.program], ['test', info.test], ['ended', info.outcome],
    ['when', new Date(info.start_realtime_ns / 1e6).toLocaleString()],
    ['span', duration(info.span_ns)], ['CPUs', String(info.cpus)], ['threads', count(info.threads.length)],
    ['events', count(info.events)], ['who ran when', info.source], ['note', info.note],
  ];
  const views = [['cpus', 'Timeline by CPU', 'who ran on each CPU; threads, heap, network and system calls over time'],
    ['threads', 'Timeline by thread', 'what each thread did, and what it waited for'],
    ...Object.entries(pages).filter(([, page]) => page.title).map(([name, page]) => [name, page.title, page.about])];
  main.replaceChildren(lost(info),
    element('dl', {class: 'facts'}, facts.filter(([, value]) => value).map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    element('section', {id: 'findings'}),
    element('h2', {}, 'Views'),
    element('ul', {class: 'views'}, views.map(([name, title, about]) => element('li', {}, element('a', {href: address({page: name})}, title), ` ${about}`))));
}

export const pages = {
  start: {open: start},
};

void json;
