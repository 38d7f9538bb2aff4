// SPDX-License-Identifier: MIT
// Arrows from who woke to who was woken: {from, to: keys of rows, at, until: ns}.
'use strict';

import {json} from '/show_data.js';

const MOST_STEPS = 4;

function betweenThreads(item) {
  const key = (thread) => `t${thread.id}`;
  return [...(item.waker ? [{from: key(item.waker), to: key(item.thread), at: item.end, until: item.end}] : []),
    ...item.woke.map((woken) => ({from: key(item.thread), to: key(woken.thread), at: woken.at, until: woken.at}))];
}

// What a thread did at a moment; null: it was not there.
function itemAt(thread, at) {
  return at < 0 ? null : json('item', {thread: thread.id, at}).catch(() => null);
}

const isOnCpu = (item) => item !== null && item.cpu !== null;

// Whose wake let the thread come to where it runs now.
async function wokenFrom(item) {
  let before = await itemAt(item.thread, item.start - 1);
  for (let step = 0; step < MOST_STEPS && before && !isOnCpu(before); step++) {
    if (before.waker) {
      const waker = await itemAt(before.waker, before.end - 1);
      return isOnCpu(waker) ? [{from: `c${waker.cpu}`, to: `c${item.cpu}`, at: before.end, until: item.start}] : [];
    }
    before = await itemAt(item.thread, before.start - 1);
  }
  return [];
}

// Where one that was woken ran then.
async function wokenTo(item, woken) {
  let next = await itemAt(woken.thread, woken.at);
  for (let step = 0; step < MOST_STEPS && next && !isOnCpu(next); step++)
    next = await itemAt(woken.thread, next.end);
  return isOnCpu(next) ? [{from: `c${item.cpu}`, to: `c${next.cpu}`, at: woken.at, until: Math.max(next.start, woken.at)}] : [];
}

async function betweenCpus(item) {
  if (!isOnCpu(item))
    return [];
  return (await Promise.all([wokenFrom(item), ...item.woke.map((woken) => wokenTo(item, woken))])).flat();
}

export function arrowsOf(item, isByCpu) {
  return isByCpu ? betweenCpus(item) : betweenThreads(item);
}
