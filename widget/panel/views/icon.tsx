/** The icons, drawn as lines of the text's colour. They say nothing alone: their buttons have labels. */

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V6M6 11.5l6-6 6 6',
  down: 'M12 5v13M6.5 12.5l5.5 5.5 5.5-5.5',
  add: 'M12 5v14M5 12h14',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 20h2',
  settings:
    'M4 7h10M18 7h2M4 17h2M10 17h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0M6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0',
  waiting: 'M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17',
  sent: 'M5 12.5l4.5 4.5L19 7.5',
  delivered: 'M2.5 12.5L7 17l9.5-9.5M12 17l9.5-9.5',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  alert: 'M12 8v5M12 16.5v.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17',
  tabs: 'M8 4h12v12H8zM4 8v12h12',
  chats: 'M20 12a8 8 0 0 1-11.5 7.200L4 20l.8-4.5A8 8 0 1 1 20 12z',
  more: 'M9 6l6 6-6 6',
} as const;

export type IconName = keyof typeof PATHS;

/** Those that point along the line of reading, and turn with it. */
const DIRECTED: ReadonlySet<IconName> = new Set(['back', 'more']);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      class={DIRECTED.has(name) ? 'icon directed' : 'icon'}
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly class?: string;
}

export function IconButton({ icon, label, onClick, class: more = '' }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${more}`}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
