/** Which way imports may run: layers, circles, one door for each package, declared packages only. */

import type { Codebase } from './sources.js';

/**
 * Layer → what it may import beside itself. A name means the folder; `sdk` alone means the files
 * directly in sdk/. Read from the bottom: nothing imports what stands below it here.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'sdk/base': [],
  'sdk/protocol': ['sdk/base'],
  'sdk/crypto': ['sdk/base', 'sdk/protocol'],
  'sdk/transport': ['sdk/base', 'sdk/protocol', 'sdk/crypto'],
  'sdk/peer': ['sdk/base', 'sdk/protocol', 'sdk/crypto', 'sdk/transport'],
  'sdk/storage': ['sdk/base', 'sdk/protocol'],
  'sdk/chat': [
    'sdk/base',
    'sdk/protocol',
    'sdk/crypto',
    'sdk/transport',
    'sdk/peer',
    'sdk/storage',
  ],
  'sdk/backup': ['sdk/base', 'sdk/protocol', 'sdk/crypto', 'sdk/storage', 'sdk/chat'],
  'sdk/diagnosis': ['sdk/base', 'sdk/protocol', 'sdk/crypto', 'sdk/transport', 'sdk/storage'],
  'sdk/plugins': ['sdk/base', 'sdk/protocol', 'sdk/crypto', 'sdk/storage', 'sdk/chat'],
  sdk: [
    'sdk/base',
    'sdk/protocol',
    'sdk/crypto',
    'sdk/transport',
    'sdk/peer',
    'sdk/storage',
    'sdk/chat',
    'sdk/backup',
    'sdk/diagnosis',
    'sdk/plugins',
    'sdk/tabs',
  ],
  // Stands in for the areas of a Pim, so it knows what they know; held to no circles like all others.
  'sdk/tabs': ['sdk/base', 'sdk/protocol', 'sdk/storage', 'sdk/chat', 'sdk'],
  relay: ['sdk/base', 'sdk/protocol', 'sdk/crypto'],
  'sdk/node': [
    'sdk/base',
    'sdk/protocol',
    'sdk/crypto',
    'sdk/transport',
    'sdk/peer',
    'sdk/storage',
    'sdk/chat',
    'sdk/backup',
    'sdk/diagnosis',
    'sdk/plugins',
    'sdk',
    'relay',
  ],
  widget: ['sdk/index.ts'],
};

/** Packages behind one file each, so that replacing one is a change in one place. */
export const ONE_DOOR = [
  'node-forge',
  'mitt',
  'ws',
  '@noble/curves',
  '@scure/bip39',
  'uqr',
  'prom-client',
  '@nats-io/transport-node',
] as const;

/** What another package may be for elsewhere: file → why one door is not enough. */
const SECOND_DOORS: Readonly<Record<string, string>> = {
  'sdk/backup/pem.ts': 'node-forge writes ASN.1 here, which is fetched for an export alone',
  'sdk/node/self-signed.ts': 'node-forge makes certificates here, which no browser must load',
};

const SHIPPED = ['sdk', 'relay', 'widget'];

export function layerOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  return top === 'sdk' && rest.length > 0 ? `sdk/${second}` : top;
}

/** `@scope/name/deep` → `@scope/name`. */
function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

export function wrongLayers(code: Codebase): string[] {
  const wrong: string[] = [];
  for (const path of code.under(...SHIPPED)) {
    const from = layerOf(path);
    const allowed = LAYERS[from];
    if (!allowed) wrong.push(`${path}: ${from} is not a layer`);
    for (const { target, specifier } of code.imports(path)) {
      if (target === null && specifier.startsWith('.')) wrong.push(`${path}: no file ${specifier}`);
      if (target === null || !allowed) continue;
      const to = layerOf(target);
      if (to === from || allowed.includes(to) || allowed.includes(target)) continue;
      wrong.push(
        `${path} imports ${target}: ${from} may import ${allowed.join(', ') || 'nothing'}`,
      );
    }
  }
  return wrong;
}

/** Circles over imports of every kind, each once, as `a → b → a`. */
export function circles(code: Codebase): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const { target } of code.imports(path)) if (target) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of code.under(...SHIPPED)) visit(path);
  return found;
}

export function secondDoors(code: Codebase): string[] {
  return ONE_DOOR.flatMap((name) => {
    const doors = code
      .under(...SHIPPED)
      .filter((path) => !(path in SECOND_DOORS))
      .filter((path) => code.imports(path).some((one) => packageOf(one.specifier) === name));
    return doors.length > 1 ? [`${name} is imported by ${doors.join(' and ')}`] : [];
  });
}

/** Packages that a person who installs pim would not have. */
export function undeclaredPackages(code: Codebase, declared: readonly string[]): string[] {
  return code.under(...SHIPPED).flatMap((path) =>
    code
      .imports(path)
      .map(({ specifier }) => packageOf(specifier))
      .filter((name) => name !== null && !declared.includes(name))
      .map((name) => `${path} imports ${name}, which is not among the dependencies`),
  );
}
