// Distinguishes public server addresses from internal ones: this machine, its network, its cloud's metadata service.
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IPv4 special-purpose ranges (IANA registry, RFC 6890). */
const INSIDE_V4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/**
 * Ranges within 2000::/3 that are not public hosts or embed an IPv4 address: Teredo and benchmarks, documentation,
 * 6to4.
 */
const INSIDE_V6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const v4 = new BlockList()
for (const [net, prefix] of INSIDE_V4) v4.addSubnet(net, prefix, 'ipv4')
const v6 = new BlockList()
for (const [net, prefix] of INSIDE_V6) v6.addSubnet(net, prefix, 'ipv6')
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')

/** Whether an address (as a socket reports it) is a public unicast one. False for anything that is not an address. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '')
  if (isIPv4(plain)) return !v4.check(plain, 'ipv4')
  if (!isIPv6(plain)) return false
  // An IPv4-mapped address, in any spelling, counts as its IPv4 address.
  const mapped = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(new URL(`http://[${plain}]`).hostname)
  if (mapped !== null) {
    const bits = [mapped[1], mapped[2]].map((part) => Number.parseInt(part ?? '', 16))
    return isPublicAddress(bits.flatMap((part) => [part >> 8, part & 0xff]).join('.'))
  }
  return globalV6.check(plain, 'ipv6') && !v6.check(plain, 'ipv6')
}
