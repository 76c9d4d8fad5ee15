/**
 * Module hooks that put test/support/uvu.mjs in the place of `uvu` in test files, so that time
 * limits and results reach the runner without the tests importing anything unusual.
 */

const LIMITED = new URL('./uvu.mjs', import.meta.url).href;

export function resolve(specifier, context, nextResolve) {
  if (specifier === 'uvu' && context.parentURL !== LIMITED) {
    return { url: LIMITED, shortCircuit: true };
  }
  return nextResolve(specifier, context);
}
