// SPDX-License-Identifier: MIT
// Colours: those of states are states.css's, as all others of the style sheets.
'use strict';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

export function isDark() {
  return dark.matches;
}

export function onScheme(listener) {
  dark.addEventListener('change', listener);
}

export function stateColour(name) {
  return css(`--state-${name}`) || css('--state-unknown');
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
