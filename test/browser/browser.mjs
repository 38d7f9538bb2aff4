// SPDX-License-Identifier: MIT
// Chromium as the tests use it.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { limits } from './server.mjs';

export function launch() {
  return chromium.launch({
    ...limits,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

// Pages of one context share a process, where each of its own would start one.
const contexts = new Map();

async function pageOf(browser, options) {
  const key = JSON.stringify(options);
  if (!contexts.has(key)) contexts.set(key, browser.newContext(options));
  return (await contexts.get(key)).newPage();
}

// Open a page, hand it to `look`, and see that none of its scripts failed.
export async function visit(browser, address, look, options = {}) {
  const page = await pageOf(browser, { viewport: { width: 1400, height: 900 }, ...options });
  const errors = [];
  page.setDefaultTimeout(limits.timeout);
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    const response = await page.goto(address, { waitUntil: 'load' });
    await look(page, response);
    assert.deepEqual(errors, [], `scripts of ${address}`);
  } finally {
    await page.close();
  }
}
