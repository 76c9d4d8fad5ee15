/**
 * Where this package lies on disk: the sources run from `relay/`, the build from `dist/` or a chunk
 * below it, so the folder is found by its package.json and not by counting steps.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'pim-chat';

export interface PackageRoot {
  readonly folder: string;
  readonly version: string;
}

/** Null where this file was bundled into another program. */
export function findPackageRoot(from: string = import.meta.url): PackageRoot | null {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const version = versionIn(folder);
    if (version !== null) return { folder, version };
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
}

function versionIn(folder: string): string | null {
  try {
    const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return found.name === NAME && typeof found.version === 'string' ? found.version : null;
  } catch {
    return null; // no such file here, or not one of ours: look further up
  }
}
