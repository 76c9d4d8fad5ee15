/** The icons of files. */

export const FILE_ICONS = {
  attach:
    'M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.3a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  file: 'M6 3.5h7.5L18 8v12.5H6zM13.5 3.5V8H18',
} as const;
