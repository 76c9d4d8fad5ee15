/**
 * Completes package-lock.json with the optional packages for systems other than this one. A registry
 * mirror that does not carry them makes npm leave them out, and then `npm ci` refuses the lockfile
 * everywhere and `npm install` on those systems finds no compiler.
 * Usage: node scripts/lockfile.mjs [--check]
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../package-lock.json', import.meta.url));

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** `…-linux-arm-musleabihf` → os linux, cpu arm, libc musl; null where the name says no system. */
function targetOf(name) {
  const parts = name.split(/[-/]/);
  const os = SYSTEMS.filter((system) => parts.includes(system));
  const cpu = PROCESSORS.filter((processor) => parts.includes(processor));
  if (os.length !== 1 || cpu.length !== 1) return null;
  const [abi = ''] = parts.slice(parts.indexOf(cpu[0]) + 1);
  const libc = abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : null;
  return { os, cpu, libc: libc && os[0] === 'linux' ? [libc] : undefined };
}

/** Entries the lockfile lacks, by their key in `packages`. */
export function missingEntries(packages) {
  const missing = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const key = `node_modules/${name}`;
      const target = targetOf(name);
      if (!target || packages[key] || packages[`${path}/${key}`] || !/^\d/.test(version)) continue;
      const { os, cpu, libc } = target;
      missing[key] = { version, cpu, dev, libc, optional: true, os }; // npm's order
    }
  }
  return missing;
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = missingEntries(lock.packages);
const count = Object.keys(missing).length;
if (process.argv.includes('--check')) {
  if (count > 0) {
    console.error(`package-lock.json lacks ${count} packages: run node scripts/lockfile.mjs`);
    process.exitCode = 1;
  }
} else if (count > 0) {
  const all = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${count} packages`);
}
