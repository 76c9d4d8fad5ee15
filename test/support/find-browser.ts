/**
 * Finds Chromium and Firefox, or gets them.
 * The order: what the environment names, what is installed and new enough (proved by `--version`, because some
 * systems carry stubs that do not run), Playwright's cache, Playwright's download, apt-get, and for
 * Chromium a build that travels inside an npm package. A browser that cannot be had fails the tests.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from 'playwright-core';

export type Kind = 'chromium' | 'firefox';

export interface Found {
  path: string;
  /** Playwright's own Firefox build speaks another protocol than the one people install. */
  isPlaywrightBuild?: boolean;
  /** Variables the browser needs beside ours. */
  env?: Record<string, string>;
}

interface Recipe {
  /** Environment variables that name a binary; the first is what errors suggest. */
  variables: readonly [string, ...string[]];
  commands: readonly string[];
  places: readonly string[];
  /** Debian and Ubuntu packages, each tried by itself. */
  packages: readonly string[];
  /** The first major version that takes all the driver sends: an older one is as good as none. */
  oldest?: number;
}

const env = process.env;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_LIMIT_MS = 300_000;
const BROWSER_VERSION = /(?:chrom|edge|brave|firefox|mozilla|nightly).*?(\d+)\.\d+/i;

const windowsPlaces = (...ends: string[]): string[] =>
  [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].flatMap((base) =>
    base === undefined ? [] : ends.map((end) => join(base, end)),
  );

const macPlaces = (...names: string[]): string[] =>
  names.map((name) => `/Applications/${name}.app/Contents/MacOS/`);

const RECIPES: Record<Kind, Recipe> = {
  chromium: {
    variables: ['PIM_CHROMIUM', 'CHROME_PATH'],
    commands: [
      'chromium',
      'google-chrome-stable',
      'google-chrome',
      'chromium-browser',
      'microsoft-edge',
      'brave-browser',
    ],
    places: [
      ...macPlaces('Google Chrome', 'Chromium', 'Microsoft Edge').map(
        (folder) => folder + folder.split('/')[2]?.replace('.app', ''),
      ),
      ...windowsPlaces(
        'Google/Chrome/Application/chrome.exe',
        'Microsoft/Edge/Application/msedge.exe',
      ),
    ],
    packages: ['chromium'],
  },
  firefox: {
    variables: ['PIM_FIREFOX'],
    commands: ['firefox-esr', 'firefox'],
    places: [
      ...macPlaces('Firefox').map((folder) => `${folder}firefox`),
      ...windowsPlaces('Mozilla Firefox/firefox.exe'),
    ],
    packages: ['firefox-esr', 'firefox'],
    oldest: 143, // 140 does not know WebDriver BiDi's network.addDataCollector
  },
};

const say = (text: string): void => console.error(`[browsers] ${text}`);

function onPath(names: readonly string[]): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter(existsSync);
}

function runs(path: string, kind: Kind, extra: Record<string, string> = {}): boolean {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true; // `--version` opens a window there
  const result = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...env, ...extra },
  });
  const version = Number(BROWSER_VERSION.exec(result.stdout)?.[1]);
  if (result.status !== 0 || Number.isNaN(version)) return false;
  const { oldest = 0 } = RECIPES[kind];
  if (version < oldest) say(`${path} is version ${version}, and the tests need ${oldest} or later`);
  return version >= oldest;
}

const installed = (kind: Kind): Found | null => {
  const { commands, places } = RECIPES[kind];
  const path = [...onPath(commands), ...places].find((candidate) => runs(candidate, kind));
  return path === undefined ? null : { path };
};

function cached(kind: Kind): Found | null {
  const path = { chromium, firefox }[kind].executablePath();
  return path && runs(path, kind) ? { path, isPlaywrightBuild: true } : null;
}

/** Runs an installer. Its output is long and rarely the answer: only the end of a failed one is shown. */
function step(command: string, args: readonly string[]): boolean {
  say(`trying: ${command} ${args.join(' ')}`);
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: INSTALL_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
    cwd: ROOT,
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return true;
  const lines = `${result.stdout}\n${result.stderr}`.split('\n');
  const reason = lines.find((line) => /^(?:npm )?(?:error\b|E:)/i.test(line));
  say(`that failed: ${result.error?.message ?? reason ?? `exit code ${result.status}`}`);
  return false;
}

function viaPlaywright(kind: Kind): Found | null {
  const require = createRequire(import.meta.url);
  const cli = join(dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  return step(process.execPath, [cli, 'install', kind]) ? cached(kind) : null;
}

function viaApt(kind: Kind): Found | null {
  if (onPath(['apt-get']).length === 0) return null;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (onPath(['sudo']).length === 0 || !step('sudo', ['-n', 'true']))) return null;
  const settings = ['DEBIAN_FRONTEND=noninteractive'];
  const apt = (...args: string[]): boolean =>
    isRoot
      ? step('env', [...settings, 'apt-get', ...args])
      : step('sudo', ['-n', 'env', ...settings, 'apt-get', ...args]);
  if (!apt('update', '-q')) return null;
  for (const name of RECIPES[kind].packages) {
    if (!apt('install', '-y', '-q', '--no-install-recommends', name)) continue;
    const found = installed(kind);
    if (found) return found;
  }
  return null;
}

/** A third-party build and older than the others, so the last resort. Linux on x64 only. */
async function viaNpm(kind: Kind): Promise<Found | null> {
  if (kind !== 'chromium' || process.platform !== 'linux' || process.arch !== 'x64') return null;
  const name = '@sparticuz/chromium';
  const args = ['install', '--no-save', '--no-audit', '--no-fund', `${name}@147.0.0`];
  if (!step('npm', args)) return null;
  env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x'; // makes it unpack the libraries it carries
  const unpacked = (await import(name)) as { default: { executablePath(): Promise<string> } };
  const path = await unpacked.default.executablePath();
  const libraries = { LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib') };
  return runs(path, kind, libraries) ? { path, env: libraries } : null;
}

function named(kind: Kind): Found | null {
  for (const variable of RECIPES[kind].variables) {
    const path = env[variable];
    if (!path) continue;
    if (runs(path, kind)) return { path };
    throw new Error(
      `${variable} is set to "${path}", which is not a browser that runs here, or too old.`,
    );
  }
  return null;
}

function advice(kind: Kind): string {
  const { variables, packages } = RECIPES[kind];
  const name = kind === 'chromium' ? 'Chromium' : 'Firefox';
  return (
    `${name} is needed for the browser tests, is not installed, and could not be installed ` +
    `automatically. Install it (Debian, Ubuntu: \`apt-get install ${packages[0]}\`; elsewhere any ` +
    `current ${name}), or set ${variables[0]} to the path of one, and run the tests again. ` +
    '`npm run test:unit` needs no browser.'
  );
}

async function find(kind: Kind): Promise<Found> {
  const found =
    named(kind) ??
    installed(kind) ??
    cached(kind) ??
    viaPlaywright(kind) ??
    viaApt(kind) ??
    (await viaNpm(kind));
  if (!found) throw new Error(advice(kind));
  return found;
}

/** What `prepareBrowsers` leaves for the processes of the test files: a browser, or why there is none. */
const HANDED_DOWN: Record<Kind, string> = {
  chromium: 'PIM_TEST_CHROMIUM',
  firefox: 'PIM_TEST_FIREFOX',
};

/** Looks for both browsers once. The result belongs into the environment of the test files. */
export async function prepareBrowsers(): Promise<Record<string, string>> {
  const outcome: Record<string, string> = {};
  for (const kind of ['chromium', 'firefox'] as const) {
    const result = await find(kind).catch((error: Error) => ({ missing: error.message }));
    say('path' in result ? `${kind}: ${result.path}` : result.missing);
    outcome[HANDED_DOWN[kind]] = JSON.stringify(result);
  }
  return outcome;
}

/** The browser `prepareBrowsers` found, or one looked for now. @throws with advice where there is none */
export async function browserFor(kind: Kind): Promise<Found> {
  const text = env[HANDED_DOWN[kind]];
  if (text === undefined) return find(kind);
  const result = JSON.parse(text) as Found | { missing: string };
  if ('missing' in result) throw new Error(result.missing);
  return result;
}
