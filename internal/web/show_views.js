// SPDX-License-Identifier: MIT
// The two timelines: by CPU and by thread.
'use strict';

import {json} from '/show_data.js';
import {arrowsOf} from '/show_arrows.js';
import {close, showEvent, showGroup, showItem, showMoment, showNobody, showRange} from '/show_details.js';
import {duration, element, replace, threadName} from '/show_dom.js';
import {layers} from '/show_draw.js';
import {stateColour} from '/show_palette.js';
import {go, note, read} from '/show_state.js';
import {Timeline} from '/show_timeline.js';

function cpuSpecs(info) {
  const stats = [
    {key: 'threads', name: 'load', layers: 'threads', title: 'Threads', height: 50},
    {key: 'heap', name: 'heap', title: 'Heap', height: 50},
    {key: 'allocator', name: 'memory', title: 'Allocator', height: 20},
    {key: 'network', name: 'load', layers: 'network', title: 'Network', height: 30},
    {key: 'calls', name: 'load', layers: 'calls', title: 'System calls', height: 30},
  ];
  const cpus = Array.from({length: info.cpus}, (unused, i) => ({key: `c${i}`, name: `c${i}`, cpu: i, title: `CPU ${i}`, height: 26}));
  return [...stats, ...cpus];
}

const orders = {
  start: (a, b) => a.start - b.start,
  name: (a, b) => threadName(a).localeCompare(threadName(b)),
  running: (a, b) => b.ns[0] - a.ns[0],
  waiting: (a, b) => waiting(b) - waiting(a),
};

const waiting = (thread) => thread.ns.slice(2).reduce((sum, ns) => sum + ns, 0);

function groupOf(thread) {
  return thread.function || '?';
}

// Tasks that a thread began, in as few lanes as it takes; what finds none in the first three shares the last.
const LANES = 3;

function inLanes(tasks) {
  const ends = [];
  for (const task of [...tasks].sort((a, b) => a.start - b.start)) {
    const free = ends.findIndex((end) => end <= task.start);
    task.lane = Math.min(free < 0 ? ends.length : free, LANES - 1);
    ends[task.lane] = Math.max(ends[task.lane] ?? 0, task.end);
  }
  return {tasks, lanes: ends.length};
}

function threadSpec(thread, begun) {
  const {tasks, lanes} = begun.get(thread.id) ?? {tasks: [], lanes: 0};
  const depth = thread.depth + lanes;
  return {key: `t${thread.id}`, name: `t${thread.id}`, thread, title: threadName(thread), height: 22, indent: 8,
    depth, regions: thread.depth ? `r${thread.id}` : null, tasks, taskLane: thread.depth};
}

// Threads as they are asked for, below a head for each group; a folded group is one row.
function threadSpecs(info, state, begun) {
  const filter = (state.filter ?? '').toLowerCase();
  const folded = new Set((state.fold ?? '').split('|').filter(Boolean));
  const shown = info.threads.filter((thread) => threadName(thread).toLowerCase().includes(filter)).sort(orders[state.sort ?? 'start'] ?? orders.start);
  const groups = new Map();
  for (const thread of shown) {
    const name = groupOf(thread);
    if (!groups.has(name))
      groups.set(name, []);
    groups.get(name).push(thread);
  }
  return [...groups].flatMap(([name, threads]) => {
    const isFolded = folded.has(name);
    const head = {key: `g${name}`, group: name, isFolded, threads, name: isFolded ? `g${threads[0].function_string}` : null,
      title: `${isFolded ? '\u25b8' : '\u25be'} ${name} (${threads.length})`, height: 22};
    return isFolded ? [head] : [head, ...threads.map((thread) => threadSpec(thread, begun))];
  });
}

// The states that are in the picture.
function legend(info, page) {
  const isByCpu = page === 'cpus';
  const summed = new Set(Object.values(layers).flatMap((pick) => pick(() => 0).map(([state]) => state)));
  const names = info.states.filter((name, i) => (isByCpu ? summed.has(name) : info.threads.some((thread) => thread.ns[i] > 0)));
  return element('div', {class: 'legend'}, names.map((name) => element('span', {},
    element('i', {class: 'swatch', style: `background:${stateColour(name)}`}), name)),
  isByCpu ? element('span', {}, 'On CPUs each thread has a colour of its own.') : null);
}

class View {
  constructor(main, info, page) {
    this.info = info;
    this.page = page;
    this.begun = new Map();
    this.place = element('div', {class: 'timeline'});
    this.message = element('p', {class: 'problem', role: 'alert'});
    replace(main, this.tools(), this.place, this.message, legend(info, page));
    this.timeline = new Timeline(this.place, info, {
      move: (view) => this.keep({from: Math.round(view.from), to: Math.round(view.to)}),
      select: (hit) => this.select(hit),
      range: (range) => this.choose(range),
      problem: (problem) => { this.message.textContent = problem.message; },
      loaded: () => { this.message.textContent = ''; },
    });
    window.traceTimeline = this.timeline;
  }

  tools() {
    const state = read();
    const change = (name) => (event) => {
      this.keep({[name]: event.target.value});
      this.fill();
    };
    const sort = element('select', {onchange: change('sort'), 'aria-label': 'order'}, Object.keys(orders).map((name) =>
      element('option', {value: name, selected: name === state.sort}, `by ${name}`)));
    const filter = element('input', {type: 'search', placeholder: 'threads by name', value: state.filter ?? '', oninput: change('filter'), 'aria-label': 'filter threads'});
    const arrows = element('label', {}, element('input', {type: 'checkbox', id: 'arrows', checked: Boolean(state.arrows), onchange: (event) => {
      this.keep({arrows: event.target.checked ? '1' : null});
      this.showArrows();
    }}), 'arrows');
    const chain = element('label', {}, element('input', {type: 'checkbox', checked: Boolean(state.path), onchange: (event) => {
      this.keep({path: event.target.checked ? '1' : null});
      this.showPath();
    }}), 'critical path');
    const fold = element('button', {type: 'button', onclick: () => this.foldAll()}, 'fold all');
    return element('div', {class: 'tools'}, this.page === 'threads' ? [filter, sort, fold] : null, arrows, this.page === 'threads' ? chain : null,
      element('button', {type: 'button', onclick: () => this.timeline.setView(0, this.info.span_ns)}, 'whole trace'));
  }

  keep(change) {
    note({...read(), ...change, page: this.page});
  }

  fill() {
    const state = read();
    this.timeline.setSpecs(this.page === 'cpus' ? cpuSpecs(this.info) : threadSpecs(this.info, state, this.begun));
  }

  // By thread: the tasks that it began.
  async loadTasks() {
    const {list} = await json('tasks', {limit: 5000});
    const of = new Map();
    for (const task of list)
      of.set(task.thread, [...(of.get(task.thread) ?? []), task]);
    this.begun = new Map([...of].map(([thread, tasks]) => [thread, inLanes(tasks)]));
    if (list.length > 0)
      this.fill();
  }

  async open(state) {
    this.fill();
    if (this.page === 'threads')
      await this.loadTasks();
    if (state.range) {
      const [from, to] = state.range.split('-').map(Number);
      this.timeline.setRange({from, to});
    }
    const from = Number(state.from ?? 0);
    const to = Number(state.to ?? this.info.span_ns);
    if (Number.isFinite(from) && to > from)
      this.timeline.setView(from, to);
    if (state.show)
      this.timeline.reveal(state.show);
    if (state.sel)
      await this.restore(state.sel);
    // What was chosen last stands last, and is what the panel has.
    if (state.range && Object.keys(state).indexOf('range') > Object.keys(state).indexOf('sel'))
      await this.choose(this.timeline.range);
    if (state.path)
      await this.showPath();
  }

  // The critical path as a chain: a line along its threads, and from each to the next.
  async showPath() {
    const path = read().path ? await json('path') : null;
    this.timeline.chain = path ? path.steps.map((step) => ({key: `t${step.thread}`, from: step.start_ns, to: step.end_ns})) : [];
    this.timeline.draw();
  }

  async restore(text) {
    const [key, at] = text.split('@');
    const spec = this.timeline.specs.find((candidate) => candidate.key === key);
    if (spec)
      await this.select({spec, ns: Number(at)}, true);
  }

  foldAll() {
    const names = [...new Set(this.info.threads.map(groupOf))];
    this.keep({fold: read().fold ? null : names.join('|')});
    this.fill();
  }

  toggle(group) {
    const folded = new Set((read().fold ?? '').split('|').filter(Boolean));
    if (!folded.delete(group))
      folded.add(group);
    this.keep({fold: [...folded].join('|')});
    this.fill();
  }

  // By key: the group that is chosen, or that of the thread that is; its head is chosen then.
  fold() {
    const {specs, selected, view} = this.timeline;
    const spec = specs.find(({key}) => key === selected?.key);
    const group = spec?.group ?? (spec?.thread && groupOf(spec.thread));
    if (!group)
      return;
    this.toggle(group);
    this.selectGroup(this.timeline.specs.find((row) => row.group === group), selected.ns ?? Math.floor(view.from));
  }

  selectGroup(spec, ns) {
    this.mark(spec, {start: ns, end: ns}, ns, true);
    showGroup(spec.group, spec.threads, spec.isFolded);
  }

  async select(hit, moves = false) {
    const {spec, ns} = hit;
    // A hand folds what it presses; keys come by on their way.
    if (spec.group)
      return moves ? this.selectGroup(spec, ns) : this.toggle(spec.group);
    try {
      if (spec.thread || spec.cpu !== undefined)
        await this.selectItem(spec, ns, moves);
      else if (spec.name === 'memory')
        await this.selectTick(spec, ns, moves);
      else
        await this.selectMoment(spec, ns, moves);
      this.message.textContent = '';
    } catch (problem) {
      this.message.textContent = problem.message;
    }
    return undefined;
  }

  async selectItem(spec, ns, moves) {
    const item = await json('item', {thread: spec.thread?.id, cpu: spec.cpu, at: ns}).catch((problem) => problem);
    // Where nobody was the row is chosen all the same: keys lead on from there.
    if (item instanceof Error) {
      this.mark(spec, {start: ns, end: ns}, ns, moves);
      showNobody(spec.title, item.message);
      return;
    }
    this.mark(spec, item, ns, moves);
    this.item = item;
    showItem(item);
    this.showArrows();
  }

  // Something is chosen from here on: on the row, from its start to its end.
  mark(spec, item, ns, moves) {
    const {timeline} = this;
    const {from, to} = timeline.view;
    this.item = null;
    timeline.arrows = [];
    timeline.selected = {key: spec.key, item, ns};
    this.keep({sel: null});
    this.keep({sel: `${spec.key}@${ns}`});
    if (moves && (item.end < from || item.start > to))
      timeline.setView(item.start - (to - from) / 2, item.start + (to - from) / 2);
    if (moves)
      timeline.reveal(spec.key);
    timeline.draw();
  }

  async selectMoment(spec, ns, moves) {
    this.mark(spec, {start: ns, end: ns}, ns, moves);
    await showMoment(ns, this.info);
  }

  // The ticks of a row that are there: {ns, thread, type}, in the order of time.
  ticks(spec) {
    const view = this.timeline.data?.rows.get(spec.name)?.view;
    return Array.from({length: view ? view.byteLength / 16 : 0}, (unused, i) =>
      ({ns: view.getFloat64(16 * i, true), thread: view.getUint32(16 * i + 8, true), type: view.getUint32(16 * i + 12, true)}));
  }

  // The nearest tick; what it is is asked for.
  async selectTick(spec, ns, moves) {
    const nearest = this.ticks(spec).reduce((best, tick) => (!best || Math.abs(tick.ns - ns) < Math.abs(best.ns - ns) ? tick : best), null);
    if (!nearest) {
      await this.selectMoment(spec, ns, moves);
      return;
    }
    this.mark(spec, {start: nearest.ns, end: nearest.ns}, nearest.ns, moves);
    const {events} = await json('events', {thread: nearest.thread, types: this.info.event_types[nearest.type], from: nearest.ns, to: nearest.ns + 1});
    showEvent(events[0], this.info.threads[nearest.thread]);
  }

  async showArrows() {
    const {item} = this;
    const arrows = item && read().arrows ? await arrowsOf(item, this.page === 'cpus') : [];
    if (item !== this.item)
      return;
    this.timeline.arrows = arrows;
    this.timeline.draw();
  }

  choose(range) {
    this.keep({range: null});
    this.keep({range: `${range.from}-${range.to}`});
    return showRange(range, this.info, this.item?.thread);
  }

  // By key: while the thing that is chosen lasted, or what is seen; of all threads.
  chooseRange() {
    const {view} = this.timeline;
    this.timeline.setRange(this.item ? {from: this.item.start, to: this.item.end} : {from: Math.floor(view.from), to: Math.ceil(view.to)});
    this.item = null;
    this.keep({sel: null});
    this.choose(this.timeline.range);
  }

  chooseNothing() {
    this.item = null;
    this.timeline.selected = null;
    this.timeline.arrows = [];
    this.timeline.setRange(null);
    this.keep({range: null, sel: null});
    close();
  }

  // The thing before or after the chosen one, or the row above or below it.
  step(direction) {
    const {timeline} = this;
    const rows = timeline.specs;
    const at = rows.findIndex((spec) => spec.key === timeline.selected?.key);
    if (rows.length === 0)
      return;
    if (at < 0) {
      // The first thing that there is to see: heads are come by on the way up.
      this.select({spec: rows.find((spec) => !spec.group) ?? rows[0], ns: Math.floor(timeline.view.from)}, true);
      return;
    }
    const {start, end} = timeline.selected.item;
    if (direction === 'left' || direction === 'right') {
      const ns = this.beside(rows[at], direction === 'right', start, end);
      if (ns !== undefined && ns >= 0 && ns <= this.info.span_ns)
        this.select({spec: rows[at], ns}, true);
      return;
    }
    const next = rows[at + (direction === 'up' ? -1 : 1)];
    if (next)
      this.select({spec: next, ns: Math.floor((Math.max(start, timeline.view.from) + Math.min(end, timeline.view.to)) / 2)}, true);
  }

  // A moment of what is before or after what lasts from start to end. A moment has nothing beside it: a hundredth of the picture.
  beside(spec, isAfter, start, end) {
    if (start < end)
      return isAfter ? end : start - 1;
    const {from, to} = this.timeline.view;
    const some = Math.max(1, Math.round((to - from) / 100));
    const ticks = spec.name === 'memory' ? this.ticks(spec) : [];
    if (ticks.length > 0)
      return (isAfter ? ticks.find((tick) => tick.ns > start) : ticks.findLast((tick) => tick.ns < start))?.ns;
    return isAfter ? start + some : start - some;
  }

  fit() {
    const what = this.timeline.range ?? (this.item ? {from: this.item.start, to: this.item.end} : null);
    if (!what)
      return;
    const margin = (what.to - what.from) / 10 + 1;
    this.timeline.setView(what.from - margin, what.to + margin);
  }

  key(event) {
    const keys = {f: () => this.fit(), ArrowLeft: () => this.step('left'), ArrowRight: () => this.step('right'),
      ArrowUp: () => this.step('up'), ArrowDown: () => this.step('down'), e: () => this.flipArrows(),
      r: () => this.chooseRange(), Enter: () => this.fold(), Escape: () => this.chooseNothing()};
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    } else {
      this.timeline.key(event);
    }
  }

  flipArrows() {
    document.getElementById('arrows').click();
  }
}

export const keys = [
  ['w, s', 'zoom in, out (W, S: faster)'],
  ['a, d', 'move left, right (A, D: by a page)'],
  ['wheel', 'zoom; with Shift: move; with Alt, or over the names: scroll'],
  ['drag', 'move; with Shift, or in the ruler: choose a range'],
  ['f', 'fit what is chosen'],
  ['r', 'choose a range: as long as what is chosen lasted, or all that is seen'],
  ['e', 'arrows of who woke whom'],
  ['arrow keys', 'the thing before, after, above, below'],
  ['Enter', 'by thread: fold the group of what is chosen into one row, and unfold it'],
  ['Page Up, Page Down', 'scroll'],
  ['/', 'find'],
  ['Escape', 'choose nothing'],
  ['?', 'these keys'],
];

export async function openTimeline(main, info, state) {
  const view = new View(main, info, state.page);
  await view.open(state);
  return view;
}

export async function openFound(main, info, state) {
  const found = await json('find', {q: state.q});
  const row = (event) => element('li', {}, element('a', {href: '#', onclick: (click) => {
    click.preventDefault();
    const margin = Math.max((event.end - event.start) * 2, 1000);
    go({page: 'threads', sel: `t${event.thread}@${event.start}`, show: `t${event.thread}`, from: Math.floor(Math.max(event.start - margin, 0)), to: Math.ceil(event.end + margin)});
  }}, `${event.type} of ${threadName(info.threads[event.thread])}${event.end > event.start ? `, ${duration(event.end - event.start)}` : ''}`), ` at ${(event.start / 1e9).toFixed(6)} s`,
  event.stack?.length ? element('span', {class: 'place'}, ` in ${event.stack[0].function}`) : null);
  replace(main, element('h2', {}, `found for "${state.q}"`),
    found.threads.length + found.events.length === 0 ? element('p', {}, 'Nothing: no function of a stack, no type of event, no text and no thread has it in its name.') : null,
    element('ul', {}, found.threads.map((thread) => element('li', {}, 'thread ', element('a', {href: `#threads?show=t${thread.id}&sel=t${thread.id}@${info.threads[thread.id].start}`}, threadName(thread))))),
    element('ol', {class: 'found'}, found.events.map(row)));
}
