/** The element manifest's settings: it is written beside the build and leaves package.json alone. */

export default {
  globs: ['widget/*.ts'],
  outdir: '.cache/dist-next',
  packagejson: false,
  quiet: true,
};
