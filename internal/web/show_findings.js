// SPDX-License-Identifier: MIT
// The three most telling things, a sentence each: the longest wait and who ended it, how much of the time threads were ready and
// had no CPU, and the lock that was waited for longest.
'use strict';

import {threadLink} from '/show_details.js';
import {duration, element, percent} from '/show_dom.js';
import {address} from '/show_state.js';

// The analyses call a thread's number "thread".
const link = (thread, at) => (thread ? threadLink({...thread, id: thread.thread}, at) : null);

// That of a join says how long the other thread lived, and is only told where there is no other.
function longestWait(waits) {
  const others = waits.locks.filter((one) => one.kind !== 'join');
  const lock = (others.length > 0 ? others : waits.locks).reduce((best, one) => (!best || one.longest.ns > best.longest.ns ? one : best), null);
  if (!lock || lock.longest.ns === 0)
    return 'No thread waited for another.';
  const {ns, start_ns: start, thread, ended_by: waker} = lock.longest;
  return element('span', {}, `The longest wait, ${duration(ns)} for ${lock.kind} ${lock.address}, was `, link(thread, start),
    waker ? [lock.is_lock ? "'s; it was held by " : "'s; it was ended by ", link(waker, start + ns)] : "'s; nobody seen ended it", '.');
}

function waitingForCpu(stat) {
  const ready = stat.ns.runnable;
  const wanted = ready + stat.ns.running + stat.ns.syscall;
  if (wanted === 0)
    return 'Who ran when is not known.';
  if (ready === 0)
    return `No thread waited for a CPU: together they ran for ${duration(wanted)}.`;
  return element('span', {}, `Threads could have run for ${duration(wanted)} together, and waited for a CPU for ${duration(ready)} of that, ${percent(ready / wanted)} (`,
    element('a', {href: address({page: 'profiles', of: 'sched'})}, 'where'), ').');
}

function busiestLock(waits) {
  const lock = waits.locks.find((one) => one.is_lock);
  if (!lock)
    return 'No lock was waited for.';
  return element('span', {}, 'The lock waited for longest is ', element('a', {href: address({page: 'locks', lock: lock.address})}, `${lock.kind} ${lock.address}`),
    `: ${lock.waits} wait${lock.waits === 1 ? '' : 's'}, ${duration(lock.total_ns)} together.`);
}

export function findings(info, stat, waits) {
  return [longestWait(waits), waitingForCpu(stat), busiestLock(waits)];
}
