/** The icons, drawn as lines of the text's colour. They say nothing alone: their buttons have labels. */

/** Those of a conversation; the inbox brings its own. */
export const ICONS = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V6M6 11.5l6-6 6 6',
  down: 'M12 5v13M6.5 12.5l5.5 5.5 5.5-5.5',
  waiting: 'M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17',
  sent: 'M5 12.5l4.5 4.5L19 7.5',
  delivered: 'M2.5 12.5L7 17l9.5-9.5M12 17l9.5-9.5',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  alert: 'M12 8v5M12 16.5v.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17',
} as const;

/** What points along the line of reading turns with it. */
export function Icon({ path }: { path: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      class={path === ICONS.back ? 'icon directed' : 'icon'}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

interface IconButtonProps {
  /** A path of 24 × 24. */
  readonly icon: string;
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
      <Icon path={icon} />
    </button>
  );
}
