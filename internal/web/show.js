// SPDX-License-Identifier: MIT
// The frame around the views: what is read first, which view the address names, and keys.
'use strict';

import {json} from '/show_data.js';
import {close} from '/show_details.js';
import {element, replace} from '/show_dom.js';
import {onScheme} from '/show_palette.js';
import {pages} from '/show_pages.js';
import {address, go, onChange, read} from '/show_state.js';
import {keys, openFound, openTimeline} from '/show_views.js';

const views = [
  ['start', 'Start'], ['cpus', 'Timeline by CPU'], ['threads', 'Timeline by thread'], ...Object.entries(pages).filter(([, page]) => page.title).map(([name, page]) => [name, page.title]),
];

let info = null;
let view = null;

function navigation(current) {
  replace(document.getElementById('nav'), views.map(([name, title]) =>
    element('a', {href: address({page: name}), 'aria-current': name === current ? 'page' : null}, title)));
}

async function open(state) {
  const main = document.getElementById('main');
  navigation(state.page);
  close();
  view = null;
  document.body.dataset.page = state.page;
  try {
    if (state.page === 'cpus' || state.page === 'threads')
      view = await openTimeline(main, info, state);
    else if (state.page === 'find')
      await openFound(main, info, state);
    else if (pages[state.page])
      await pages[state.page].open(main, info, state);
    else
      replace(main, element('p', {class: 'problem'}, `there is no view "${state.page}"`));
  } catch (problem) {
    replace(main, element('p', {class: 'problem', role: 'alert'}, problem.message));
  }
  document.body.dataset.ready = state.page;
}

function help() {
  const dialog = document.getElementById('help');
  replace(dialog, element('h2', {}, 'Keys'), element('dl', {}, keys.map(([key, what]) => [element('dt', {}, key), element('dd', {}, what)])),
    element('button', {type: 'button', onclick: () => dialog.close()}, 'close'));
  dialog.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.target.closest('input, select, dialog[open]') || event.ctrlKey || event.metaKey || event.altKey)
    return;
  if (event.key === '?') {
    help();
  } else if (event.key === '/') {
    event.preventDefault();
    document.getElementById('find-text').focus();
  } else if (view && !(event.target.closest('a, button') && (event.key === 'Enter' || event.key === ' '))) {
    view.key(event);
  }
}

async function begin() {
  info = await json('info');
  info.threads = (await json('threads')).threads;
  document.title = `${info.test}: trace`;
  document.getElementById('title').textContent = info.test;
  document.getElementById('keys').addEventListener('click', help);
  document.getElementById('find').addEventListener('submit', (event) => {
    event.preventDefault();
    go({page: 'find', q: document.getElementById('find-text').value});
  });
  document.addEventListener('keydown', onKey);
  onScheme(() => view?.timeline.draw());
  onChange(open);
  await open(read());
}

begin().catch((problem) => {
  replace(document.getElementById('main'), element('p', {class: 'problem', role: 'alert'}, problem.message));
});
