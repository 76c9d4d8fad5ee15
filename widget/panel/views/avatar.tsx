/** The picture of an address. */

import { identicon } from '../identicon.js';

export function Avatar({ address, size }: { address: string; size: 's' | 'm' | 'l' }) {
  const { background, shapes } = identicon(address);
  return (
    <svg viewBox="0 0 60 60" class={`avatar ${size}`} part="avatar" aria-hidden="true">
      <path fill={background} d="M0 0h60v60H0z" />
      {shapes.map(({ path, fill }) => (
        <path key={path} d={path} fill={fill} />
      ))}
    </svg>
  );
}
