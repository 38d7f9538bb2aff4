// SPDX-License-Identifier: MIT
// What the threads of a trace did: how long each ran, was ready to run, and waited for what.
const pprofTraces = (() => {
  'use strict';
  const { index, traces, element, drawing, human, breakable, address } = pprofReport;
  const WIDTH = 300;
  const HEIGHT = 14;
  const time = (value) => human(value, 'nanoseconds');
  const classOf = (state) => `state-${state}`;
  // Those with a column of their own. What a thread waited for has one together: there are a dozen, and a window holds three.
  const ACTIVE = ['running', 'syscall', 'runnable'];

  // A thread is in one state at a time: the bar's parts make its total. The longest thread has the whole width.
  function bar([, , , total, times], trace, longest) {
    let x = 0;
    const parts = times.map((ns, place) => {
      const width = (ns / longest) * WIDTH;
      const part = drawing('rect', { class: classOf(trace.states[place]), x, y: 1, width, height: HEIGHT - 2 }, drawing('title', {}, `${trace.states[place]} ${time(ns)}`));
      x += width;
      return ns ? part : null;
    });
    return drawing('svg', { class: 'threads bar', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `total ${time(total)}` }, parts);
  }

  const key = (state) => drawing('svg', { class: 'threads key', width: 10, height: 10 }, drawing('rect', { class: classOf(state), width: 10, height: 10 }));
  const isWait = (state) => !ACTIVE.includes(state);

  // Each wait by name: the bar alone would say it by colour.
  function waits([, , , , times], trace) {
    const parts = trace.states.map((state, place) =>
      isWait(state) && times[place] ? element('span', { class: 'wait' }, key(state), ` ${state} ${time(times[place])}`) : null);
    return element('div', { class: 'waits' }, parts.filter(Boolean).flatMap((part) => [part, ' ']));
  }

  function columnsOf(trace) {
    const longest = Math.max(...trace.threads.map(([, , , total]) => total), 1);
    const ofState = (state) => ([, , , , times]) => times[trace.states.indexOf(state)];
    const waited = ([, , , , times]) => times.reduce((sum, ns, place) => sum + (isWait(trace.states[place]) ? ns : 0), 0);
    const column = (title, value) => ({ title, number: true, value, show: (row) => (value(row) ? time(value(row)) : '') });
    return [
      { title: 'thread', value: (row) => row[1], show: (row) => [breakable(row[1]), ' ', element('span', { class: 'tid' }, `(${row[2]})`)] },
      { title: 'started with', value: (row) => row[0], show: (row) => breakable(row[0]) },
      { title: 'total', number: true, value: (row) => row[3], show: (row) => time(row[3]) },
      ...ACTIVE.filter((state) => trace.states.includes(state)).map((state) => column([key(state), ` ${state}`], ofState(state))),
      ...(trace.states.some(isWait) ? [column('waiting', waited)] : []),
      { title: 'states', value: (row) => row[3], show: (row) => [bar(row, trace, longest), waits(row, trace)] },
    ];
  }

  function one(trace) {
    const notes = [trace.lost, trace.note, trace.left_out ? `${trace.left_out} more threads are not shown: make pprof.trace.stat has all` : ''];
    return [
      element('h3', {}, element('a', { href: address({ test: trace.test }) }, index.tests[trace.test].test)),
      element('div', { class: 'wide' }, pprofTable(columnsOf(trace), trace.threads, `Threads of ${trace.file}: ${time(trace.span_ns)} on ${trace.cpus} CPUs`).node),
      element('ul', { class: 'notes' }, notes.filter(Boolean).map((note) => element('li', {}, note))),
    ];
  }

  return {
    count: traces.length,
    all: () => traces.map(one),
    ofTest: (place) => traces.filter(({ test }) => test === place).map((trace) => one(trace).slice(1)),
  };
})();
