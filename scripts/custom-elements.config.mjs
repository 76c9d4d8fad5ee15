/** The element manifest's settings: it is written beside the build and leaves package.json alone. */

export default {
  globs: ['widget/*.ts'],
  packagejson: false,
  quiet: true,
};
