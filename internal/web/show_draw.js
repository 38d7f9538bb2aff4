// SPDX-License-Identifier: MIT
// Drawing one row of a timeline from its records. A row is drawn with x(ns), which may have moved on since the records were
// fetched: what is there is shown at its new place until the new records come.
'use strict';

import {css, inkOn, isDark, stateColour, threadColour} from '/show_palette.js';
import {threadName} from '/show_dom.js';

const NO_THREAD = 0;
const bars = ['running', 'syscall', 'runnable', 'blocked'];

function label(context, text, left, right, y, height) {
  const width = right - left;
  if (width < 30)
    return;
  context.save();
  context.beginPath();
  context.rect(left, y, width, height);
  context.clip();
  context.fillStyle = inkOn(context.fillStyle);
  context.fillText(text, left + 3, y + height / 2);
  context.restore();
}

function box(context, colour, left, right, y, height) {
  context.fillStyle = colour;
  context.fillRect(left, y, Math.max(right - left, 1), height);
}

function threadItems(context, row, area, scale, info) {
  const {view} = row;
  for (let at = 0; at < view.byteLength; at += 24) {
    const left = Math.max(scale.x(view.getFloat64(at, true)), area.left);
    const right = Math.min(scale.x(view.getFloat64(at + 8, true)), area.right);
    if (right < area.left || left > area.right)
      continue;
    const state = info.states[view.getUint8(at + 20)];
    // What a thread does stands tall; waiting lies low.
    const inset = state === 'running' || state === 'syscall' ? 1 : area.height * 0.22;
    box(context, stateColour(state), left, right - (right - left > 3 ? 0.5 : 0), area.y + inset, area.height - inset - 1);
    if (right - left > 46)
      label(context, state, left, right, area.y + inset, area.height - inset - 1);
  }
}

// A colour as a pixel of ImageData: four bytes, red first.
const pixels = new Map();

function pixel(colour) {
  if (!pixels.has(colour)) {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    pixels.set(colour, new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0]);
  }
  return pixels.get(colour);
}

// Columns are drawn once, when they come, a pixel each; while the view moves their picture does. colours(i) are those of column i
// from the bottom up: [colour, share of the height, ...]
function columns(row, height, colours) {
  const canvas = new OffscreenCanvas(Math.max(row.count, 1), height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, height);
  const all = new Uint32Array(image.data.buffer);
  for (let i = 0; i < row.count; i++) {
    const stack = colours(i);
    let level = 0;
    let y = height - 1;
    for (let n = 0; n < stack.length; n += 2) {
      const share = stack[n + 1];
      level += share * height;
      // What is there at all is seen.
      const last = share > 0 ? Math.min(height - Math.max(Math.round(level), height - y), height - 1) : height;
      for (const ink = share > 0 ? pixel(stack[n]) : 0; y >= Math.max(last, 0); y--)
        all[y * canvas.width + i] = ink;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

// The picture that a row has of its columns, in these colours.
function drawColumns(context, row, area, scale, data, colours) {
  const key = `${area.height} ${isDark()}`;
  if (row.pictureKey !== key) {
    row.picture = columns(row, area.height - 2, colours);
    row.pictureKey = key;
  }
  const left = scale.x(data.from);
  context.imageSmoothingEnabled = false;
  context.drawImage(row.picture, left, area.y + 1, scale.x(data.to) - left, area.height - 2);
}

function threadParts(context, row, area, scale, info, data) {
  const {view} = row;
  drawColumns(context, row, area, scale, data, (i) => [
    stateColour(info.states[view.getUint8(4 * i)]), view.getUint8(4 * i + 1) / 255,
    stateColour(info.states[view.getUint8(4 * i + 2)]), view.getUint8(4 * i + 3) / 255]);
}

function cpuItems(context, row, area, scale, info) {
  const {view} = row;
  for (let at = 0; at < view.byteLength; at += 24) {
    const left = Math.max(scale.x(view.getFloat64(at, true)), area.left);
    const right = Math.min(scale.x(view.getFloat64(at + 8, true)), area.right);
    if (right < area.left || left > area.right)
      continue;
    const thread = view.getUint32(at + 16, true);
    box(context, threadColour(thread), left, right - (right - left > 3 ? 0.5 : 0), area.y + 1, area.height - 2);
    label(context, threadName(info.threads[thread]), left, right, area.y, area.height);
  }
}

function cpuParts(context, row, area, scale, info, data) {
  const {view} = row;
  drawColumns(context, row, area, scale, data, (i) => {
    const thread = view.getUint32(8 * i, true);
    const top = view.getUint8(8 * i + 5) / 255;
    return thread === NO_THREAD ? [] : [threadColour(thread - 1), top, css('--others'), view.getUint8(8 * i + 4) / 255 - top];
  });
}

// How many threads are in each state: stacked.
function load(context, row, area, scale, data, pick) {
  const {view} = row;
  const layersOf = (i) => pick((n) => view.getFloat32(32 * i + 4 * n, true));
  let highest = 1;
  for (let i = 0; i < row.count; i++)
    highest = Math.max(highest, layersOf(i).reduce((sum, [, size]) => sum + size, 0));
  const key = pick(() => 0).map(([state]) => state).join();
  // Several rows are made of the same records.
  row.pictures ??= new Map();
  if (!row.pictures.has(key))
    row.pictures.set(key, {count: row.count});
  drawColumns(context, row.pictures.get(key), area, scale, data,
    (i) => layersOf(i).flatMap(([state, size]) => [stateColour(state), size / highest]));
  return highest;
}

function heap(context, row, area, scale, data) {
  const {view} = row;
  const step = (data.to - data.from) / data.width;
  let highest = 1;
  for (let i = 0; i < row.count; i++)
    highest = Math.max(highest, view.getFloat64(16 * i + 8, true));
  for (let i = 0; i < row.count; i++) {
    const low = view.getFloat64(16 * i, true);
    const high = view.getFloat64(16 * i + 8, true);
    const left = scale.x(data.from + i * step);
    const right = scale.x(data.from + (i + 1) * step);
    if (low > high || right < area.left || left > area.right)
      continue;
    const bottom = area.y + area.height - 1;
    const tall = Math.max(high, 0) / highest * (area.height - 2);
    const sure = Math.max(low, 0) / highest * (area.height - 2);
    box(context, css('--heap-peak'), left, right + 0.5, bottom - tall, tall);
    box(context, css('--heap'), left, right + 0.5, bottom - sure, sure);
  }
  return highest;
}

function ticks(context, row, area, scale) {
  context.fillStyle = css('--tick');
  for (let at = 0; at < row.view.byteLength; at += 16) {
    const x = scale.x(row.view.getFloat64(at, true));
    if (x >= area.left && x <= area.right)
      context.fillRect(x, area.y + 3, 1.5, area.height - 6);
  }
}

// The layers of the rows that are made of `load`.
export const layers = {
  threads: (value) => bars.map((state, n) => [state, value(n)]),
  network: (value) => [['network', value(4)]],
  calls: (value) => [['syscall', value(1)], ['file', value(6)], ['network', value(4)], ['sleep', value(5)]],
};

// Returns the value at the top of the row, for its scale; null where it has none.
export function drawRow(context, spec, row, area, scale, info, data) {
  if (!row)
    return null;
  if (row.kind === 'load')
    return load(context, row, area, scale, data, layers[spec.layers]);
  if (row.kind === 'memory')
    ticks(context, row, area, scale);
  else if (row.kind === 'heap')
    return heap(context, row, area, scale, data);
  else if (row.kind === 'cpu')
    (row.form === 'items' ? cpuItems : cpuParts)(context, row, area, scale, info, data);
  else
    (row.form === 'items' ? threadItems : threadParts)(context, row, area, scale, info, data);
  return null;
}

// Tasks below a thread, each in its lane; a line around them tells them from regions.
export function drawTasks(context, tasks, area, scale, laneHeight) {
  for (const task of tasks) {
    const left = Math.max(scale.x(task.start), area.left);
    const right = Math.min(scale.x(task.end), area.right);
    const y = area.y + task.lane * laneHeight;
    if (right < area.left || left > area.right)
      continue;
    box(context, css('--task'), left, right - 0.5, y + 1, laneHeight - 2);
    context.strokeStyle = css('--tick');
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, y + 1.5, Math.max(right - left - 1.5, 1), laneHeight - 3);
    context.fillStyle = css('--task');
    label(context, task.name, left, right, y, laneHeight);
  }
}

// Regions below a thread: boxes with their names.
export function drawRegions(context, row, area, scale, names, depthHeight) {
  const {view} = row;
  for (let at = 0; at < view.byteLength; at += 24) {
    const left = Math.max(scale.x(view.getFloat64(at, true)), area.left);
    const right = Math.min(scale.x(view.getFloat64(at + 8, true)), area.right);
    const y = area.y + view.getUint32(at + 20, true) * depthHeight;
    if (right < area.left || left > area.right)
      continue;
    box(context, css('--region'), left, right - 0.5, y + 1, depthHeight - 2);
    label(context, names[view.getUint32(at + 16, true)], left, right, y, depthHeight);
  }
}
