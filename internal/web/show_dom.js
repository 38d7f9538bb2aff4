// SPDX-License-Identifier: MIT
// Elements, numbers as people read them, and tables. Text of the trace only ever becomes textContent.
'use strict';

// element('td', {class: 'number'}, 'text', child, ...): null children are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on'))
      made.addEventListener(key.slice(2), value);
    else if (key === 'style') // an attribute would be refused: the pages' policy has no inline styles
      made.style.cssText = value;
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(key, value === true ? '' : value);
  }
  replace(made, ...children);
  return made;
}

// What is in a node from now on. The browser itself would write "null" for a child that is left out.
export function replace(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
}

const units = [[1e9, 's'], [1e6, 'ms'], [1e3, 'us'], [1, 'ns']];

// 1234567 is "1.235 ms".
export function duration(ns) {
  if (!Number.isFinite(ns))
    return '?';
  const size = Math.abs(ns);
  for (const [factor, unit] of units)
    if (size >= factor || factor === 1)
      return `${Number((ns / factor).toPrecision(4))} ${unit}`;
  return '0';
}

// A moment, with enough digits for the width of what is shown.
export function moment(ns, step) {
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / 1e9))));
  return `${(ns / 1e9).toFixed(digits)} s`;
}

export function bytes(number) {
  const size = Math.abs(number);
  for (const [factor, unit] of [[2 ** 30, 'GB'], [2 ** 20, 'MB'], [2 ** 10, 'kB']])
    if (size >= factor)
      return `${Number((number / factor).toPrecision(4))} ${unit}`;
  return `${number} B`;
}

export function count(number) {
  return number.toLocaleString('en-US');
}

export function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

export function threadName(thread) {
  if (!thread)
    return '?';
  return `${thread.name || thread.function || 'thread'} (${thread.tid})`;
}

// A table that sorts by the column whose head is pressed.
// columns: [{title, value: row => sortable, show: row => text or node, number: true, class: further classes of its cells}]
export function table(columns, rows, {sort = 0, descending = true, id = null} = {}) {
  const body = element('tbody');
  const classOf = (column) => [column.number ? 'number' : '', column.class ?? ''].join(' ').trim() || null;
  const heads = columns.map((column, i) => element('th', {scope: 'col', class: classOf(column)},
    element('button', {type: 'button', onclick: () => order(i)}, column.title)));
  let by = -1;
  let isDescending = descending;
  const order = (i) => {
    isDescending = i === by ? !isDescending : Boolean(columns[i].number);
    by = i;
    fill();
  };
  const fill = () => {
    const value = columns[by].value;
    const sorted = [...rows].sort((a, b) => {
      const x = value(a);
      const y = value(b);
      return (x < y ? -1 : x > y ? 1 : 0) * (isDescending ? -1 : 1);
    });
    heads.forEach((head, i) => head.setAttribute('aria-sort',
      i !== by ? 'none' : isDescending ? 'descending' : 'ascending'));
    replace(body, sorted.map((row) => element('tr', {}, columns.map((column) =>
      element('td', {class: classOf(column)}, (column.show ?? column.value)(row))))));
  };
  by = sort;
  fill();
  return element('table', {id}, element('thead', {}, element('tr', {}, heads)), body);
}

// Frames of a stack, leaf first.
export function stack(frames, title = null) {
  if (!frames || frames.length === 0)
    return null;
  const list = element('ol', {class: 'stack'}, frames.map((frame) => element('li', {title: frame.module || null},
    element('span', {class: 'function'}, frame.function || '?'),
    frame.file ? element('span', {class: 'place'}, ` ${frame.file.split('/').pop()}:${frame.line}`) : null,
    frame.inlined ? element('span', {class: 'place'}, ' inlined') : null)));
  return element('div', {}, title ? element('h3', {}, title) : null, list);
}
