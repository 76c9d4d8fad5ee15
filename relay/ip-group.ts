/**
 * Whom an IP address is counted with. IPv6 is counted by /64: that is what one household or one
 * rented server gets (RFC 6177), so single addresses of it cost an attacker nothing.
 */

/**
 * @param address as node:net gives it
 * @returns the IPv4 address, or the first four groups of the IPv6 address
 */
export function ipGroup(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] as string;
  if (!address.includes(':')) return address;
  const [text] = address.toLowerCase().split('%');
  const [head = '', tail] = (text as string).split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted quad at the end stands for two groups.
  const lastGroups = last.length + (last.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - lastGroups);
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
