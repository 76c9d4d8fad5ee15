/**
 * The examples for React, Vue and Svelte (examples/): their types hold, and each runs in both browsers
 * with its framework's own compiler.
 * @time-limit 240
 */

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Browser } from 'playwright-core';
import { compile } from 'svelte/compiler';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileScript, parse } from 'vue/compiler-sfc';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { builtDist } from '../support/dist.js';
import type { PageName } from '../support/policy.js';
import { html, serveSite } from '../support/site.js';
import { ADA } from '../widget/fake-pim.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const vue: Plugin = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, 'utf8'));
      const isCustomElement = (tag: string): boolean => tag === 'pim-chat';
      const templateOptions = { compilerOptions: { isCustomElement } };
      const { content } = compileScript(descriptor, {
        id: 'app',
        inlineTemplate: true,
        templateOptions,
      });
      return { contents: content, loader: 'ts' };
    });
  },
};

const svelte: Plugin = {
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js } = compile(await readFile(path, 'utf8'), { generate: 'client' });
      return { contents: js.code, loader: 'js' };
    });
  },
};

/** Frameworks that need something of a page themselves. */
const OWN: Readonly<Record<string, PageName>> = { Svelte: 'svelte', Vue: 'vue' };

const STARTS = {
  React: `import { createElement } from 'react'; import { createRoot } from 'react-dom/client';
    import { App } from './examples/react/App.tsx';
    createRoot(document.querySelector('#app')).render(createElement(App, { to: ${JSON.stringify(ADA)} }));`,
  Vue: `import { createApp } from 'vue'; import App from './examples/vue/App.vue';
    createApp(App, { to: ${JSON.stringify(ADA)} }).mount('#app');`,
  Svelte: `import { mount } from 'svelte'; import App from './examples/svelte/App.svelte';
    mount(App, { target: document.querySelector('#app'), props: { to: ${JSON.stringify(ADA)} } });`,
};

async function bundled(start: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: start, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    conditions: ['browser'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
    },
    // Without the paths of ours: the package by its name, as it is built.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } },
    plugins: [vue, svelte],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

let browsers: Browser[] = [];
test.before(async () => {
  await builtDist();
  browsers = await Promise.all([launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
});

async function works(browser: Browser, name: string, origin: string): Promise<void> {
  const page = await browser.newPage();
  const thrown: string[] = [];
  page.on('pageerror', ({ message }) => message.includes('ws://') || thrown.push(message));
  try {
    await page.goto(origin);
    await page.getByText('The chat is closed.').waitFor();
    // What the framework gave are properties and attributes of the element.
    const given = await page.evaluate(() => {
      const chat = document.querySelector('pim-chat');
      return [chat?.to, chat?.greeting, chat?.storage];
    });
    assert.equal(given, [ADA, `Hello from ${name}`, 'memory']);
    await page.getByRole('button', { name: 'Write to us (0)' }).click();
    await page.getByText(`Hello from ${name}`).waitFor();
    await page.getByText('The chat is open.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('The chat is closed.').waitFor();
    // Taken away and put back by the framework, it works again.
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.locator('pim-chat').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Write to us' }).click();
    await page.getByText(`Hello from ${name}`).waitFor();
    assert.equal(thrown, []);
  } finally {
    await page.close();
  }
}

for (const [name, start] of Object.entries(STARTS)) {
  test(`${name} shows, opens, removes and adds the chat, in both browsers`, async () => {
    const script = await bundled(start);
    const site = await serveSite((path) =>
      path === '/app.js'
        ? { type: 'text/javascript; charset=utf-8', body: script }
        : html('<div id="app"></div><script type="module" src="/app.js"></script>', OWN[name]),
    );
    try {
      for (const browser of browsers) await works(browser, name, site.origin);
    } finally {
      site.close();
    }
  });
}

test('the templates of Vue and Svelte have the right types; React’s are checked with all others', () => {
  const checked = spawnSync('npm', ['run', '--silent', 'typecheck:examples'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  assert.is(checked.status, 0, checked.stdout + checked.stderr);
});

test.run();
