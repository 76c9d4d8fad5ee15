/** Paths of 24 × 24, as in panel/views/icon.tsx. */

export const COMFORT_ICONS = {
  reply: 'M9.5 6L4 11.5 9.5 17M4 11.5h9a7 7 0 0 1 7 7',
  edit: 'M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5z',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  delete: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5',
  smile:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M8.5 14a4.2 4.2 0 0 0 7 0M9 9.7v.01M15 9.7v.01',
  more: 'M5.5 12v.01M12 12v.01M18.5 12v.01',
  plus: 'M12 5.5v13M5.5 12h13',
  search: 'M10.8 4.5a6.3 6.3 0 1 0 0 12.6 6.3 6.3 0 0 0 0-12.6M15.5 15.5l4.5 4.5',
  up: 'M6 14.5l6-6 6 6',
  down: 'M6 9.5l6 6 6-6',
} as const;
