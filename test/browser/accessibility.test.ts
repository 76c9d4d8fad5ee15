/**
 * Every scene of the gallery, held against WCAG 2.2 AA: by axe-core, and by measuring what axe-core
 * cannot: sizes of targets, 200 % zoom, forced colours, what is announced and where the focus goes.
 * @time-limit 240
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { openScene, serveGallery } from '../support/gallery.js';
import type { SiteServer } from '../support/site.js';
import { smallTargets } from '../support/targets.js';
import { SCENES } from '../widget/gallery/scenes.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = {
  bubble: { width: 920, height: 780 },
  small: { width: 375, height: 720 },
  wide: { width: 1180, height: 760 },
};
let gallery: SiteServer;
let chromium: Browser;
let firefox: Browser;
test.before(async () => {
  [gallery, chromium, firefox] = await Promise.all([
    serveGallery(),
    launchChromium(),
    launchFirefox(),
  ]);
});
test.after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  gallery?.close();
});

/** As `assert.equal(found, [])`, without comparing pages of text letter by letter. */
function none(found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${found.length}:\n${found.slice(0, 200).join('\n')}`);
}

type Options = Parameters<Browser['newContext']>[0];

async function inScene(
  browser: Browser,
  scene: string,
  options: Options,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const size = SCENES[scene]?.size ?? 'bubble';
  const context = await browser.newContext({ viewport: SIZES[size], ...options });
  try {
    const page = await context.newPage();
    await openScene(page, `${gallery.origin}/?scene=${scene}`);
    await use(page);
  } finally {
    await context.close();
  }
}

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
const ONLY_COLORS: RunOptions = { runOnly: ['color-contrast'] };
/** Style sheets are fetched for rules that are not among these; films and sounds there are none. */
const QUICK: RunOptions = { resultTypes: ['violations'], preload: false };
const NO_PAGE: RunOptions = {
  rules: { 'landmark-one-main': { enabled: false }, 'page-has-heading-one': { enabled: false } },
};

/** What axe-core has to object to, as one line each. */
async function objections(page: Page, options: RunOptions = {}): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not reach.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (run: RunOptions) =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(
        run,
      ),
    { ...RULES, ...QUICK, ...options } as RunOptions,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`),
  );
}

/** Milliseconds for what moves into its place, on a busy machine. */
const STILL_MS = 5_000;
/** Browser contexts that work at the same time. */
const AT_ONCE = 6;

/** Does `work` for all of `jobs`, some at a time, each page with one after the other. */
async function share<Job>(
  browser: Browser,
  options: Options,
  jobs: readonly Job[],
  work: (page: Page, job: Job) => Promise<void>,
): Promise<void> {
  const left = [...jobs];
  const one = async (): Promise<void> => {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      for (let job = left.shift(); job !== undefined; job = left.shift()) await work(page, job);
    } finally {
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function audit(browser: Browser, scenes: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  await share(browser, { reducedMotion: 'reduce' }, scenes, async (page, scene) => {
    const { size = 'bubble', attributes } = SCENES[scene] ?? {};
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(SIZES[size]);
    await openScene(page, `${gallery.origin}/?scene=${scene}`);
    // Around a chat in the text the gallery has nothing: what is missing there is no fault of the chat.
    const light = await objections(page, attributes?.mode === 'inline' ? NO_PAGE : {});
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await objections(page, ONLY_COLORS); // nothing else differs
    const small = await smallTargets(page);
    found.push(...[...light, ...dark, ...small].map((each) => `${scene}: ${each}`));
  });
  return found;
}

test('in every scene axe-core finds nothing, light and dark, and nothing to press is small', async () => {
  none(await audit(chromium, Object.keys(SCENES)));
});

test('nor does it in Firefox, where controls and fonts are others', async () => {
  none(
    await audit(firefox, ['conversation', 'lively', 'inbox-page', 'settings', 'emoji', 'files']),
  );
});

test('axe-core is heard: a nameless button is found', () =>
  inScene(chromium, 'conversation', {}, async (page) => {
    await page.evaluate(() => {
      document
        .querySelector('pim-chat')
        ?.shadowRoot?.querySelector('.send')
        ?.removeAttribute('aria-label');
    });
    assert.ok((await objections(page)).some((each) => each.startsWith('button-name')));
  }));

/** Elements of the panel whose text is cut off, or that reach beyond it. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const panel = document.querySelector('pim-chat')?.shadowRoot?.querySelector('.panel');
    if (!panel) return ['no panel'];
    const frame = panel.getBoundingClientRect();
    const isInView =
      frame.left >= -1 &&
      frame.right <= innerWidth + 1 &&
      frame.top >= -1 &&
      frame.bottom <= innerHeight + 1;
    const found = isInView
      ? []
      : [`the panel: ${JSON.stringify(frame)} in ${innerWidth}×${innerHeight}`];
    for (const each of panel.querySelectorAll<HTMLElement>('*')) {
      if (each.tagName === 'BDI') continue; // its line ends in an ellipsis, and cuts it
      const { left, right, width } = each.getBoundingClientRect();
      if (
        width > 1 &&
        each.checkVisibility() &&
        (left < frame.left - 1 || right > frame.right + 1)
      ) {
        found.push(
          `${each.tagName}.${each.className} ${left}–${right} beyond ${frame.left}–${frame.right}`,
        );
      }
      const isButton = each.matches('button:not(.row)') && each.scrollWidth > each.clientWidth + 1;
      if (isButton && each.checkVisibility())
        found.push(`${each.className} ${each.textContent} is cut`);
    }
    return found;
  });

/** What is cut off, and stays so. */
async function stillCutOff(page: Page): Promise<string[]> {
  const until = performance.now() + STILL_MS;
  let cut = await cutOff(page);
  while (cut.length > 0 && performance.now() < until) cut = await cutOff(page);
  return cut;
}

/** The window has that width, and two frames were drawn in it: one may measure what the next one moves. */
const isLaidOut = (page: Page, width: number): Promise<unknown> =>
  page
    .waitForFunction((wanted) => innerWidth === wanted, width)
    .then(() =>
      page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      ),
    );

const ZOOMED = [
  ...['first', 'no-relay', 'request-page', 'settings', 'person', 'long-names'],
  ...['locked', 'passphrase'],
];

test('at 200 % zoom, and at 320 pixels, everything stays in view, in long words and from the right', async () => {
  const found: string[] = [];
  // 1280 × 1024 at 200 % and at 400 % (WCAG 2.2 §1.4.4, §1.4.10).
  const sizes = [
    { width: 640, height: 512 },
    { width: 320, height: 256 },
  ];
  const jobs = ['de', 'ar'].flatMap((lang) => ZOOMED.map((scene) => ({ lang, scene })));
  await share(chromium, { deviceScaleFactor: 2 }, jobs, async (page, { lang, scene }) => {
    await page.setViewportSize({ width: 1280, height: 1024 });
    await openScene(page, `${gallery.origin}/?scene=${scene}&lang=${lang}`);
    // The page is open already when somebody zooms.
    for (const viewport of sizes) {
      await page.setViewportSize(viewport);
      await isLaidOut(page, viewport.width);
      const cut = await stillCutOff(page);
      found.push(...cut.map((each) => `${scene} ${lang} ${viewport.width}: ${each}`));
    }
  });
  none(found);
});

test('with forced colours, panels, bubbles, buttons and fields have edges, and the focus is seen', async () => {
  for (const scene of ['conversation', 'closed', 'settings', 'locked', 'passphrase']) {
    await inScene(chromium, scene, { forcedColors: 'active' }, async (page) => {
      const bare = await page.evaluate(() => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        const all =
          root?.querySelectorAll(
            '.launcher, .bubble:not(.jumbo), .field, .button, .send, .screen input:not(.unseen), [data-mode=bubble] .panel',
          ) ?? [];
        return [...all]
          .filter((each) => each.checkVisibility())
          .filter((each) => {
            const { borderTopWidth, outlineStyle } = getComputedStyle(each);
            return Number.parseFloat(borderTopWidth) < 1 && outlineStyle === 'none';
          })
          .map((each) => each.className);
      });
      none(bare);
      // From here on the browser takes the focus to be moved by keys.
      await page.keyboard.press('Tab');
      const unseen = await page.evaluate(() => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        const all = root?.querySelectorAll<HTMLElement>('button, input, textarea, a[href]') ?? [];
        return [...all].flatMap((each) => {
          each.focus();
          if (root?.activeElement !== each) return [];
          const { outlineStyle, outlineWidth } = getComputedStyle(each.closest('.field') ?? each);
          const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
          return isSeen || each.tabIndex < 0 ? [] : each.outerHTML.slice(0, 200);
        });
      });
      none(unseen.map((each) => `${scene}: ${each}`));
    });
  }
});

test('what is fetched once somebody moves in the chat moves nothing', () =>
  inScene(chromium, 'empty', {}, async (page) => {
    const boxes = () =>
      page.evaluate(() => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        return ['textarea', '.send', '.empty-text'].map((part) => {
          const { x, y, width, height } = root?.querySelector(part)?.getBoundingClientRect() ?? {};
          return [x, y, width, height].join();
        });
      });
    assert.is(await page.locator('.in-field').count(), 0);
    const before = await boxes();
    await page.locator('.panel').hover();
    await page.locator('.attach').waitFor();
    assert.equal(await boxes(), before);
  }));

test('who asks for less motion gets none', () =>
  inScene(chromium, 'conversation', { reducedMotion: 'reduce' }, async (page) => {
    const moving = await page.evaluate(() => {
      const root = document.querySelector('pim-chat')?.shadowRoot;
      return [...(root?.querySelectorAll('*') ?? [])].filter((each) => {
        const { animationName, transitionDuration } = getComputedStyle(each);
        return animationName !== 'none' || transitionDuration !== '0s';
      }).length;
    });
    assert.is(moving, 0);
  }));

test.run();
