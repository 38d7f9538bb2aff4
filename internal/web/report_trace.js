// SPDX-License-Identifier: MIT
// What the threads of a trace did: how long each ran, waited, and for what.
const pprofTraces = (() => {
  'use strict';
  const { index, traces, element, human, address } = pprofReport;

  const isTime = (key) => key.endsWith('_ns');
  const titleOf = (key) => key.replace(/_ns$/, '').replaceAll('_', ' ');

  // Columns are what the threads' objects have: figures and texts.
  function columnsOf(threads) {
    const keys = [...new Set(threads.flatMap((thread) => Object.keys(thread)))];
    return keys.filter((key) => threads.some((thread) => ['number', 'string'].includes(typeof thread[key]))).map((key) => {
      const number = threads.some((thread) => typeof thread[key] === 'number');
      return {
        title: titleOf(key), number, value: (thread) => thread[key],
        show: (thread) => (typeof thread[key] === 'number' && isTime(key) ? human(thread[key], 'nanoseconds') : String(thread[key] ?? '')),
      };
    });
  }

  function one({ test, file, stat }) {
    const title = element('h3', {}, element('a', { href: address({ test }) }, index.tests[test].test));
    if (!Array.isArray(stat?.threads)) return [title, element('p', { class: 'note' }, `${file} can't be shown here.`)];
    return [title, pprofTable(columnsOf(stat.threads), stat.threads, `Threads of ${file}`).node];
  }

  return {
    count: traces.length,
    all: () => traces.map(one),
    ofTest: (place) => traces.filter(({ test }) => test === place).map((trace) => one(trace).slice(1)),
  };
})();
