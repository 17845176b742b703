import net from 'node:net';

/**
 * Whether an IP address is one of the internet at large: global unicast, and in none of the networks
 * that IANA has set apart (its IPv4 and IPv6 special-purpose address registries, RFC 6890), such as
 * loopback, private, link-local with the metadata services of clouds, shared, multicast,
 * documentation and benchmarking. Of IPv6, only what is allocated is public (2000::/3); an IPv4 address
 * inside one, mapped or behind NAT64, counts as itself. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  networks ??= { special: blockList(special), global: blockList(global) };
  switch (net.isIP(address)) {
    case 4:
      return !networks.special.check(address, 'ipv4');
    case 6:
      return networks.global.check(address, 'ipv6') && !networks.special.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Made when the first address is to be checked. */
let networks: { readonly special: net.BlockList; readonly global: net.BlockList } | undefined;

/** `64:ff9b::/96` is how IPv6-only networks reach all of IPv4 (NAT64, RFC 6052). */
const global = ['2000::/3', '::ffff:0:0/96', '64:ff9b::/96'];

const special4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared (carrier-grade NAT)
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays, deprecated
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];

const special = [
  ...special4, // `net.BlockList` takes a mapped address for the one that it holds
  ...special4.map(behindNat64),
  '2001::/23', // IETF protocol assignments: Teredo, ORCHID, benchmarking
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which leads to IPv4 addresses of any kind
  '3fff::/20', // documentation
];

function behindNat64(network: string): string {
  const [address, bits] = network.split('/');
  return `64:ff9b::${address}/${96 + Number(bits)}`;
}

function blockList(list: readonly string[]): net.BlockList {
  const blocks = new net.BlockList();
  for (const network of list) {
    const [address = '', bits] = network.split('/');
    blocks.addSubnet(address, Number(bits), net.isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return blocks;
}
