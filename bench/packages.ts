/** The packages pim is measured against: bench/ has its own, installed at the first use. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('.', import.meta.url));

function isInstalled(): boolean {
  const text = readFileSync(`${BENCH}package.json`, 'utf8');
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.entries(devDependencies).every(([name, version]) => {
    const file = `${BENCH}node_modules/${name}/package.json`;
    return (
      existsSync(file) &&
      (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version
    );
  });
}

/** @throws where npm cannot install them */
export function installPackages(): void {
  if (isInstalled()) return;
  console.error('bench: installing the packages to compare with (npm ci --prefix bench)');
  const { status } = spawnSync('npm', ['ci', '--prefix', BENCH], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('the packages to compare with could not be installed');
}
