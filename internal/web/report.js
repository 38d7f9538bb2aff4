// SPDX-License-Identifier: MIT
// What the scripts of a report share: its data, elements, numbers. Names are the program's: they become text, never markup.
const pprofReport = (() => {
  'use strict';
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const SVG = 'http://www.w3.org/2000/svg';

  // Children are texts, elements or arrays of these; what is null or undefined is left out.
  function fill(made, properties, children) {
    for (const [name, value] of Object.entries(properties)) {
      if (value === null || value === undefined) continue;
      if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return made;
  }
  const element = (name, properties = {}, ...children) => fill(document.createElement(name), properties, children);
  const drawing = (name, properties = {}, ...children) => fill(document.createElementNS(SVG, name), properties, children);

  const steps = {
    nanoseconds: [[1, 'ns'], [1e3, 'us'], [1e6, 'ms'], [1e9, 's'], [60e9, 'mins'], [3600e9, 'hrs']],
    bytes: [[1, 'B'], [1024, 'kB'], [1024 ** 2, 'MB'], [1024 ** 3, 'GB'], [1024 ** 4, 'TB'], [1024 ** 5, 'PB']],
  };

  // As human_value() in the tool has it, but for fractions of a count.
  function human(value, unit) {
    if (!steps[unit] || value === 0) return Number.isInteger(value) ? String(value) : value.toPrecision(4);
    const [size, name] = steps[unit].findLast(([size]) => Math.abs(value) >= size) ?? steps[unit][0];
    return (value / size).toFixed(2).replace(/\.00$/, '') + name;
  }

  // Four digits, as benchmarks have them.
  function figure(value) {
    if (value >= 1000 || value === 0 || Number.isInteger(value)) return value.toFixed(0);
    return value.toPrecision(4);
  }

  const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)}%` : '0%');

  async function unpack(blob) {
    const packed = atob(document.getElementById(`blob${blob}`).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Response(stream).text();
  }

  // A long name is broken behind its words, where it is broken at all.
  const breakable = (text) => String(text).split(/(?<=[_/])/).flatMap((part, i) => (i ? [element('wbr'), part] : [part]));

  // The place in the page is in its address, so that it can be sent to others, and Back goes back.
  const address = (values) => `#${new URLSearchParams(values)}`;

  return {
    index: read('index'), profiles: read('profiles'), traces: read('traces'),
    element, drawing, human, figure, percent, unpack, breakable, address,
  };
})();
