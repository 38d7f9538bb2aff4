// SPDX-License-Identifier: MIT
// A timeline: rows over time on a canvas. What it shows and how it moves is here; rows are drawn by show_draw.js.
'use strict';

import {rows as fetchRows} from '/show_data.js';
import {css} from '/show_palette.js';
import {bytes, duration, element, moment} from '/show_dom.js';
import {drawRegions, drawRow, drawTasks} from '/show_draw.js';

const LABELS = 200;
const RULER = 26;
const SHORTEST_NS = 10;
const REGION_HEIGHT = 15;

export class Timeline {
  // specs: rows, from the top: {name (of the data API), title, height, depth and name of its regions' row, layers}
  // on: {move(view), select(hit), range(range)}
  constructor(place, info, on) {
    this.info = info;
    this.on = on;
    this.specs = [];
    this.view = {from: 0, to: Math.max(info.span_ns, SHORTEST_NS)};
    this.top = 0;
    this.data = null;
    this.selected = null;
    this.range = null;
    this.arrows = [];
    this.chain = [];
    this.frames = [];
    this.canvas = element('canvas', {tabindex: '0', role: 'application',
      'aria-label': 'timeline: w and s zoom, a and d move, up and down choose a row, left and right the item before and after'});
    place.append(this.canvas);
    this.context = this.canvas.getContext('2d');
    this.listen();
    this.resize();
  }

  get plot() {
    return {left: LABELS, right: this.width, width: this.width - LABELS};
  }

  get scale() {
    const {from, to} = this.view;
    const {left, width} = this.plot;
    return {x: (ns) => left + (ns - from) / (to - from) * width, ns: (x) => from + (x - left) / width * (to - from)};
  }

  setSpecs(specs) {
    this.specs = specs;
    this.top = Math.min(this.top, this.tallest());
    this.changed();
  }

  heightOf(spec) {
    return spec.height + (spec.depth ?? 0) * REGION_HEIGHT;
  }

  tallest() {
    const all = this.specs.reduce((sum, spec) => sum + this.heightOf(spec), 0);
    return Math.max(0, all - (this.height - RULER));
  }

  // Rows that are seen: [{spec, y}]
  visible() {
    const seen = [];
    let y = RULER - this.top;
    for (const spec of this.specs) {
      const height = this.heightOf(spec);
      if (y + height > RULER && y < this.height)
        seen.push({spec, y});
      y += height;
    }
    return seen;
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth || 1024;
    this.height = this.canvas.clientHeight || 500;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.changed();
  }

  // ---- Moving

  setView(from, to) {
    const span = Math.max(this.info.span_ns, SHORTEST_NS);
    const length = Math.min(Math.max(to - from, SHORTEST_NS), span);
    const begin = Math.min(Math.max(from, 0), span - length);
    this.view = {from: begin, to: begin + length};
    this.on.move(this.view);
    this.changed();
  }

  zoom(factor, around = null) {
    const {from, to} = this.view;
    const middle = around ?? (from + to) / 2;
    this.setView(middle - (middle - from) * factor, middle + (to - middle) * factor);
  }

  move(share) {
    const {from, to} = this.view;
    this.setView(from + share * (to - from), to + share * (to - from));
  }

  scroll(pixels) {
    this.top = Math.min(Math.max(this.top + pixels, 0), this.tallest());
    this.changed();
  }

  // ---- Data

  changed() {
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), 0);
  }

  // Some more than what is seen, so that a move shows something at once.
  async load() {
    const names = [...new Set(this.visible().flatMap(({spec}) => [spec.name, spec.regions]).filter(Boolean))];
    const {from, to} = this.view;
    const margin = (to - from) / 4;
    this.abort?.abort();
    this.abort = new AbortController();
    const started = performance.now();
    try {
      const data = names.length === 0 ? null : await fetchRows(names, Math.max(from - margin, 0),
        Math.min(to + margin, Math.max(this.info.span_ns, SHORTEST_NS)),
        Math.min(Math.round(this.plot.width * 1.5), 8000), this.abort.signal);
      if (data)
        this.data = data;
      this.latency = performance.now() - started;
      this.draw();
      this.on.loaded?.();
    } catch (problem) {
      if (problem.name !== 'AbortError')
        this.on.problem?.(problem);
    }
  }

  // ---- Drawing

  draw() {
    if (this.isDue)
      return;
    this.isDue = true;
    requestAnimationFrame((now) => {
      this.isDue = false;
      this.frames.push(now);
      if (this.frames.length > 240)
        this.frames.shift();
      this.paint();
    });
  }

  paint() {
    const {context} = this;
    const {scale} = this;
    context.fillStyle = css('--page');
    context.fillRect(0, 0, this.width, this.height);
    context.textBaseline = 'middle';
    context.font = '12px system-ui, sans-serif';
    this.paintRuler(scale);
    context.save();
    context.beginPath();
    context.rect(0, RULER, this.width, this.height - RULER);
    context.clip();
    for (const {spec, y} of this.visible())
      this.paintRow(spec, y, scale);
    this.paintRange(scale);
    this.paintArrows(scale);
    this.paintChain(scale);
    context.restore();
  }

  paintRuler(scale) {
    const {context} = this;
    const {left, right, width} = this.plot;
    const rough = (this.view.to - this.view.from) / (width / 110);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
    for (let ns = Math.ceil(this.view.from / step) * step; ns <= this.view.to; ns += step) {
      const x = scale.x(ns);
      context.fillStyle = css('--line');
      context.fillRect(x, RULER - 5, 1, this.height - RULER + 5);
      const text = moment(ns, step);
      context.fillStyle = css('--weak');
      if (x + 3 + context.measureText(text).width <= right)
        context.fillText(text, x + 3, RULER / 2);
    }
    context.fillStyle = css('--page');
    context.fillRect(0, RULER, LABELS, this.height);
    context.fillStyle = css('--text');
    context.fillText(`${duration(this.view.to - this.view.from)} shown`, 8, RULER / 2);
    context.fillRect(left, RULER - 1, right - left, 1);
  }

  paintRow(spec, y, scale) {
    const {context} = this;
    const {left, right} = this.plot;
    const height = this.heightOf(spec);
    const isSelected = this.selected && this.selected.key === spec.key;
    context.fillStyle = css('--line');
    context.fillRect(0, y + height - 1, this.width, 1);
    if (isSelected) {
      context.fillStyle = css('--chosen');
      context.fillRect(0, y, LABELS, height - 1);
    }
    context.save();
    context.beginPath();
    context.rect(left, y, right - left, height);
    context.clip();
    const area = {left, right, y, height: spec.height};
    const top = drawRow(context, spec, this.data?.rows.get(spec.name), area, scale, this.info, this.data ?? {});
    const regions = this.data?.rows.get(spec.regions);
    if (regions)
      drawRegions(context, regions, {...area, y: y + spec.height}, scale, this.data.names, REGION_HEIGHT);
    if (spec.tasks?.length)
      drawTasks(context, spec.tasks, {...area, y: y + spec.height + spec.taskLane * REGION_HEIGHT}, scale, REGION_HEIGHT);
    if (isSelected && this.selected.item)
      this.paintSelected(this.selected.item, area, scale);
    context.restore();
    this.paintLabel(spec, y, top);
  }

  paintLabel(spec, y, top) {
    const {context} = this;
    context.save();
    context.beginPath();
    context.rect(0, y, LABELS - 4, this.heightOf(spec));
    context.clip();
    context.fillStyle = css('--text');
    context.fillText(spec.title, 8 + (spec.indent ?? 0), y + spec.height / 2);
    if (top !== null) {
      context.fillStyle = css('--weak');
      context.textAlign = 'right';
      context.fillText(spec.name === 'heap' ? bytes(top) : `${Math.round(top * 10) / 10}`, LABELS - 8, y + 9);
      context.textAlign = 'left';
    }
    context.restore();
  }

  paintSelected(item, area, scale) {
    const left = scale.x(item.start);
    const right = Math.max(scale.x(item.end), left + 2);
    this.context.strokeStyle = css('--text');
    this.context.lineWidth = 2;
    this.context.strokeRect(left, area.y + 1, right - left, area.height - 2);
  }

  paintRange(scale) {
    if (!this.range)
      return;
    const left = Math.max(scale.x(this.range.from), LABELS);
    const right = Math.max(scale.x(this.range.to), LABELS);
    this.context.fillStyle = css('--range');
    this.context.fillRect(left, RULER, right - left, this.height);
  }

  yOf(key) {
    let y = RULER - this.top;
    for (const spec of this.specs) {
      if (spec.key === key)
        return y + spec.height / 2;
      y += this.heightOf(spec);
    }
    return null;
  }

  // From who woke to who was woken: {from, to: keys of rows, at, until: ns}
  paintArrows(scale) {
    const {context} = this;
    context.strokeStyle = context.fillStyle = css('--arrow');
    context.lineWidth = 1.5;
    for (const arrow of this.arrows) {
      const y = this.yOf(arrow.from);
      const end = this.yOf(arrow.to);
      const x = scale.x(arrow.at);
      const tip = scale.x(arrow.until);
      if (y === null || end === null || tip < LABELS || x > this.width)
        continue;
      const angle = Math.atan2(end - y, tip - x);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(tip, end);
      context.stroke();
      context.beginPath();
      context.moveTo(tip, end);
      context.lineTo(tip - 8 * Math.cos(angle - 0.4), end - 8 * Math.sin(angle - 0.4));
      context.lineTo(tip - 8 * Math.cos(angle + 0.4), end - 8 * Math.sin(angle + 0.4));
      context.fill();
    }
  }

  // Stretches of rows that follow each other: {key, from, to}
  paintChain(scale) {
    const {context} = this;
    let before = null;
    context.strokeStyle = css('--chain');
    context.lineWidth = 3;
    context.beginPath();
    for (const step of this.chain) {
      if (step.to < this.view.from || step.from > this.view.to)
        continue;
      const y = this.yOf(step.key);
      const left = Math.max(scale.x(step.from), LABELS);
      if (y === null)
        continue;
      if (before !== null && before !== y)
        context.lineTo(left, y);
      else
        context.moveTo(left, y);
      context.lineTo(Math.min(scale.x(step.to), this.width), y);
      before = y;
    }
    context.stroke();
  }

  // ---- Hands

  // What is at a place: {spec, ns}
  hit(x, y) {
    const found = this.visible().find(({spec, y: top}) => y >= Math.max(top, RULER) && y < top + this.heightOf(spec));
    return found ? {spec: found.spec, ns: Math.max(0, Math.floor(this.scale.ns(Math.max(x, LABELS)))), inLabels: x < LABELS} : null;
  }

  listen() {
    const {canvas} = this;
    canvas.addEventListener('wheel', (event) => this.wheel(event), {passive: false});
    canvas.addEventListener('pointerdown', (event) => this.press(event));
    canvas.addEventListener('pointermove', (event) => this.drag(event));
    canvas.addEventListener('pointerup', (event) => this.release(event));
    canvas.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey)
      this.zoom(1.002 ** event.deltaY, this.scale.ns(event.offsetX));
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      this.move((event.deltaX || event.deltaY) / this.plot.width);
    else if (this.tallest() > 0 && event.offsetX < LABELS)
      this.scroll(event.deltaY);
    else if (event.altKey)
      this.scroll(event.deltaY);
    else
      this.zoom(1.002 ** event.deltaY, this.scale.ns(event.offsetX));
  }

  press(event) {
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    this.pressed = {x: event.offsetX, y: event.offsetY, view: this.view, top: this.top, isRange: event.shiftKey || event.offsetY < RULER};
  }

  drag(event) {
    if (!this.pressed)
      return;
    const {x, y, view, top, isRange} = this.pressed;
    if (Math.abs(event.offsetX - x) + Math.abs(event.offsetY - y) < 4 && !this.pressed.isDrag)
      return;
    this.pressed.isDrag = true;
    if (isRange) {
      const ends = [this.scale.ns(x), this.scale.ns(event.offsetX)].sort((a, b) => a - b);
      this.setRange({from: Math.max(0, Math.floor(ends[0])), to: Math.ceil(ends[1])});
      return;
    }
    this.top = Math.min(Math.max(top - (event.offsetY - y), 0), this.tallest());
    const ns = (x - event.offsetX) / this.plot.width * (view.to - view.from);
    this.setView(view.from + ns, view.to + ns);
  }

  release(event) {
    const pressed = this.pressed;
    this.pressed = null;
    if (pressed?.isDrag) {
      if (pressed.isRange)
        this.on.range(this.range);
      return;
    }
    const hit = this.hit(event.offsetX, event.offsetY);
    if (hit)
      this.on.select(hit);
  }

  setRange(range) {
    this.range = range;
    this.draw();
  }

  key(event) {
    const keys = {w: () => this.zoom(1 / 1.5), s: () => this.zoom(1.5), a: () => this.move(-0.2), d: () => this.move(0.2),
      W: () => this.zoom(1 / 4), S: () => this.zoom(4), A: () => this.move(-1), D: () => this.move(1),
      PageDown: () => this.scroll(this.height / 2), PageUp: () => this.scroll(-this.height / 2)};
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key])
      return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  // Bring a row into sight.
  reveal(key) {
    const y = this.yOf(key);
    if (y !== null && (y < RULER + 20 || y > this.height - 30))
      this.scroll(y - this.height / 2);
  }
}
