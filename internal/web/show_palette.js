// SPDX-License-Identifier: MIT
// Colours. Those of states are built on Okabe and Ito's set, which people with any kind of colour blindness tell apart;
// states of one family share a hue and differ in lightness, so that black and white works too.
'use strict';

const states = {
  // name: [light, dark]
  running: ['#009e73', '#00b386'],
  syscall: ['#66c9ad', '#5fd3b3'],
  runnable: ['#f0c400', '#f0e442'],
  mutex: ['#d55e00', '#e8711a'],
  rwlock: ['#e58a45', '#f2995a'],
  spinlock: ['#a34700', '#c45a10'],
  cond: ['#9c4f7f', '#cc79a7'],
  semaphore: ['#b9749c', '#dc9cc0'],
  barrier: ['#7d3a63', '#b3608e'],
  join: ['#cfa0ba', '#e6bfd3'],
  once: ['#61294b', '#9a4a78'],
  sleep: ['#c9ced3', '#59616a'],
  network: ['#0072b2', '#2f9ad9'],
  file: ['#56b4e9', '#7cc8f2'],
  process: ['#3a5f8a', '#6f9ccc'],
  blocked: ['#9aa1a8', '#8b949e'],
  unknown: ['#e6e8ea', '#363c42'],
};

const dark = window.matchMedia('(prefers-color-scheme: dark)');

export function isDark() {
  return dark.matches;
}

export function onScheme(listener) {
  dark.addEventListener('change', listener);
}

export function stateColour(name) {
  const pair = states[name] ?? states.unknown;
  return pair[dark.matches ? 1 : 0];
}

// Neighbours in number are far apart in hue: steps of the golden angle.
export function threadColour(thread) {
  const hue = (thread * 137.508) % 360;
  const lightness = dark.matches ? 52 + (thread % 3) * 8 : 58 + (thread % 3) * 8;
  return `hsl(${hue.toFixed(0)} 55% ${lightness}%)`;
}

// Dark or light ink, whichever is read better on a colour (of a canvas: "#rrggbb"); WCAG 2's relative luminance.
export function inkOn(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] > 0.22 ? '#101214' : '#ffffff';
}

// Colours of the style sheet. They are asked for once: a picture asks for thousands.
const known = new Map();
dark.addEventListener('change', () => known.clear());

export function css(name) {
  if (!known.has(name))
    known.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return known.get(name);
}
