// SPDX-License-Identifier: MIT
// What is shown stands in the address, after the #: a link shows a colleague the same thing.
'use strict';

const listeners = [];

// {page: 'threads', from: '12', ...}: all texts.
export function read() {
  const [page, query] = location.hash.slice(1).split('?');
  return {...Object.fromEntries(new URLSearchParams(query ?? '')), page: page || 'start'};
}

export function address(state) {
  const {page, ...rest} = state;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(rest))
    if (value !== null && value !== undefined && value !== '')
      query.set(key, value);
  const text = query.toString();
  return `#${page}${text ? `?${text}` : ''}`;
}

// Go somewhere else; back leads here.
export function go(state) {
  location.hash = address(state);
}

// The same page, seen otherwise: no entry in the history of its own.
export function note(state) {
  const text = address(state);
  if (text !== location.hash)
    history.replaceState(null, '', text);
}

export function onChange(listener) {
  listeners.push(listener);
}

window.addEventListener('hashchange', () => listeners.forEach((listener) => listener(read())));
