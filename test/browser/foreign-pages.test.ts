/**
 * Pages that do to everything on them what no element should bear: the chat stands there as on a
 * neutral page, box by box and pixel by pixel, and changes nothing of the page.
 * @time-limit 240
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { openScene, serveGallery } from '../support/gallery.js';
import { type Answer, html, type SiteServer } from '../support/site.js';

interface Foreign {
  readonly head?: string;
  /** Around `<main>`, where the page has its text; `%` is where that goes. */
  readonly body?: string;
}

/** What a page of somebody shows, whose boxes are measured too. */
const TEXT = `<main><h1>Notes from the workshop</h1><p>Three punched cards of 1841 hang over the <a href="#">bench</a>.</p>
  <div><button>Order</button> <input value="a field"><ul><li>pear wood</li><li>patience</li></ul></div></main>`;

const PAGES: Readonly<Record<string, Foreign>> = {
  neutral: {},
  'a reset': {
    head: `<style>*,*::before,*::after{margin:0;padding:0;border:0;font:inherit;vertical-align:baseline;list-style:none;
      text-decoration:none;outline:0;color:inherit;background:none;appearance:none}
      button,input,textarea{all:unset} svg,img{max-width:100%;display:block;height:auto} :focus{outline:none!important}</style>`,
  },
  'everything initial, and important': {
    head: '<style>*{all:initial!important}</style>',
  },
  'everything unset, floating and shouting': {
    head: `<style>*{all:unset!important;display:block!important;float:left!important;position:relative!important;
      text-transform:uppercase!important;letter-spacing:4px!important;line-height:3!important;color:red!important;
      overflow:hidden!important;box-sizing:content-box!important;font:italic 40px cursive!important;visibility:visible!important}</style>`,
  },
  'rules for every div, section, button and slot': {
    head: `<style>div,section,header,form,p,span,ul,ol,li,svg,path,a,slot,pim-chat{padding:30px;border:5px dashed red;margin:9px;
      background:yellow;transform:rotate(3deg);max-width:120px;text-shadow:0 0 9px blue}
      button,input,textarea{width:300px!important;height:90px!important;background:red!important;text-indent:2em}
      .panel,.header,.log,.bubble,.field,.launcher,.badge,.root{display:none!important}</style>`,
  },
  'a huge root, and words set wide': {
    head: `<style>:root{font-size:64px;line-height:2.5;letter-spacing:.3em;word-spacing:1em;text-transform:uppercase;text-align:center;
      white-space:nowrap;text-indent:50px;font-variant:small-caps;font-style:italic;font-weight:900;color:#f0f;cursor:wait;
      hyphens:auto;tab-size:40;writing-mode:horizontal-tb;user-select:none;quotes:none}</style>`,
  },
  'in a box that is transformed, filtered and clips': {
    head: `<style>body{margin:0}.app{width:100vw;height:100vh;overflow:hidden;transform:translateZ(0);filter:saturate(1);
      perspective:500px;contain:paint;will-change:transform}</style>`,
    body: '<div class="app">%<div data-home></div></div>',
  },
  'whose script improved the language': {
    head: `<script>
      Array.prototype.last = function () { return this[this.length - 1]; };
      Array.prototype.toJSON = function () { return 'of the page'; };
      Object.prototype.extend = function () { return this; };
      String.prototype.trim = ((trim) => function () { return trim.call(this); })(String.prototype.trim);
      for (const name of ['map', 'filter', 'find', 'forEach', 'push', 'at']) {
        const original = Array.prototype[name];
        Array.prototype[name] = function (...args) { return original.apply(this, args); };
      }
      const { define, get } = customElements;
      customElements.define = function (tag, made, options) { return define.call(this, tag, made, options); };
      customElements.get = function (tag) { return get.call(this, tag); };
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: 'open' }); };
      window.Symbol.observable = Symbol('observable');
      window.Node.prototype.remove = function () { this.parentNode && this.parentNode.removeChild(this); };
      window.$ = window.jQuery = () => { throw new Error('not for you'); };
      window.event = null; window.name = 'of the page'; window.status = 'busy'; window.process = { env: {} }; window.global = window;
    </script>`,
  },
};

let site: SiteServer;
let chromium: Browser;
let firefox: Browser;
/** `/a-reset` with the chat, `/bare/a-reset` without. */
function pageAt(path: string): Answer | null {
  const name = Object.keys(PAGES).find((each) => path.endsWith(`/${slug(each)}`));
  if (name === undefined) return null;
  const { head = '', body = '%' } = PAGES[name] ?? {};
  const script = path.startsWith('/bare/') ? '' : '<script type="module" src="/page.js"></script>';
  return html(`${head}<body>${body.replace('%', TEXT)}${script}`, 'hostile');
}

test.before(async () => {
  site = await serveGallery(pageAt);
  [chromium, firefox] = await Promise.all([launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  site?.close();
});

const slug = (name: string): string => name.replaceAll(/\W+/g, '-');

/**
 * Boxes and looks of everything in the chat, in its order. Places are seen from the corner the bubble
 * is in, which the scroll bars of a page move.
 */
const looks = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector('pim-chat')?.shadowRoot;
    const { clientWidth, clientHeight } = document.documentElement;
    const shown = [...(root?.querySelectorAll<HTMLElement>('.root *') ?? [])].filter((each) =>
      each.checkVisibility(),
    );
    return shown.map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      const style = getComputedStyle(each);
      const values = [
        'color',
        'backgroundColor',
        'fontSize',
        'fontWeight',
        'fontStyle',
        'lineHeight',
        'letterSpacing',
        'wordSpacing',
        'textTransform',
        'textAlign',
        'textIndent',
        'textShadow',
        'whiteSpace',
        'direction',
        'cursor',
        'visibility',
        'opacity',
        'transform',
        'borderTopWidth',
        'paddingTop',
        'marginTop',
        'float',
        'position',
        'userSelect',
        'fontVariant',
      ].map((name) => Reflect.get(style, name));
      const box = [x - clientWidth, y - clientHeight, width, height].map(
        (each_) => Math.round(each_ * 10) / 10,
      );
      return `${each.tagName}.${each.getAttribute('class')} ${box} ${values}`;
    });
  });

/** Boxes of what the page itself shows, and what else a chat could leave in it. */
const pageItself = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return [
      ...[...document.querySelectorAll('body, main, main *')].map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        return `${each.tagName} ${[x, y, width, height]} ${each.getAttributeNames()}`;
      }),
      `scrolls in ${scrollWidth}×${scrollHeight}`,
      `${document.styleSheets.length + document.adoptedStyleSheets.length} style sheets`,
      ...Object.keys(globalThis)
        .filter((name) => !name.startsWith('__pw'))
        .map((name) => `global ${name}`),
    ];
  });

interface Sight {
  readonly looks: readonly string[];
  readonly picture: Buffer;
}

async function sightOf(browser: Browser, name: string): Promise<Sight> {
  const context = await browser.newContext({
    viewport: { width: 920, height: 780 },
    reducedMotion: 'reduce',
    colorScheme: 'light',
  });
  try {
    const page = await context.newPage();
    const thrown: string[] = [];
    page.on('pageerror', ({ message }) => thrown.push(message));
    // The same minute on every page, so that the same times are shown.
    await page.addInitScript(() => {
      const moment = 1_750_000_000_000;
      Date.now = () => moment;
    });
    const url = `${site.origin}/${slug(name)}`;
    await openScene(page, `${url}?scene=conversation&font=sans-serif`);
    const withChat = await pageItself(page);
    const panel = await page.locator('pim-chat .panel').boundingBox();
    if (panel === null) throw new Error('no panel');
    // Without its rounded corners, behind which the page is.
    const clip = {
      x: panel.x + 20,
      y: panel.y + 20,
      width: panel.width - 40,
      height: panel.height - 40,
    };
    const sight = { looks: await looks(page), picture: await page.screenshot({ clip }) };
    await page.evaluate(() => document.querySelector('pim-chat')?.remove());
    await page.goto(`${site.origin}/bare/${slug(name)}`);
    const without = await pageItself(page);
    const changed = withChat.filter((each) => !without.includes(each));
    assert.equal(changed, [], `${name}: the chat changed the page`);
    assert.equal(thrown, [], name);
    return sight;
  } finally {
    await context.close();
  }
}

for (const [engine, browser] of [
  ['Chromium', () => chromium],
  ['Firefox', () => firefox],
] as const) {
  test(`the chat stands undamaged in hostile pages, and damages none: ${engine}`, async () => {
    const wanted = await sightOf(browser(), 'neutral');
    assert.ok(wanted.looks.length > 50, `${wanted.looks.length} boxes`);
    const damaged: string[] = [];
    for (const name of Object.keys(PAGES).slice(1)) {
      const { looks: found, picture } = await sightOf(browser(), name);
      const odd = found.flatMap((each, n) =>
        each === wanted.looks[n] ? [] : [`  ${each}\n  not ${wanted.looks[n]}`],
      );
      if (found.length !== wanted.looks.length) odd.push(`  ${found.length} boxes`);
      if (!picture.equals(wanted.picture)) odd.push('  the pictures differ');
      if (odd.length > 0) damaged.push(`${name}:\n${odd.slice(0, 4).join('\n')}`);
    }
    if (damaged.length > 0) throw new Error(damaged.join('\n'));
  });
}

test('on a page from right to left the bubble is at its left, and English still reads from the left', async () => {
  const page = await chromium.newPage({ viewport: { width: 920, height: 780 } });
  await openScene(page, `${site.origin}/neutral?scene=conversation`);
  const [ltr] = [await page.locator('pim-chat .panel').boundingBox()];
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  const rtl = await page.locator('pim-chat .panel').boundingBox();
  assert.is(rtl?.x, 20);
  assert.is((ltr?.x ?? 0) + (ltr?.width ?? 0), 900);
  const direction = await page.evaluate(() => {
    const panes = document.querySelector('pim-chat')?.shadowRoot?.querySelector('.panes');
    return panes && getComputedStyle(panes).direction;
  });
  assert.is(direction, 'ltr');
  await page.close();
});

test.run();
