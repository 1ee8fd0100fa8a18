import ipaddr from 'ipaddr.js';

/**
 * The network of a client: an IPv4 address itself, or the first 64 bits of an IPv6 address, because a client chooses the other
 * bits.
 */
export function clientNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
