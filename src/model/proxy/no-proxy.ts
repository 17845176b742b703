import net from 'node:net';

/** What a list of hosts without proxy has to look like. */
export const noProxyForm =
  'must be host names, addresses or networks, as in localhost,example.com,10.0.0.0/8';

/** Whether a host, a name or an address without brackets, is to be reached without a proxy. */
export type NoProxy = (hostname: string) => boolean;

/**
 * `--noproxy` and `no_proxy` as curl reads them: names that stand for themselves and all below them
 * (`example.com` and `.example.com` are the same), addresses and networks (`10.0.0.0/8`, `fd00::/8`),
 * with commas or spaces between them; `*` alone is every host. Undefined for a network that is none.
 */
export function parseNoProxy(list: string): NoProxy | undefined {
  const items = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((item) => item !== '');
  const networks = new net.BlockList();
  const domains: string[] = [];
  for (const item of items) {
    const [address = '', bits] = item.replaceAll(/[[\]]/g, '').split('/', 2);
    if (net.isIP(address) === 0) {
      domains.push(item.replaceAll(/^\.|\.$/g, ''));
    } else if (!addNetwork(networks, address, bits)) {
      return undefined;
    }
  }
  if (items.length === 1 && items[0] === '*') {
    return () => true;
  }
  return (hostname) => {
    if (net.isIP(hostname) !== 0) {
      return networks.check(hostname, familyName(hostname));
    }
    const name = hostname.toLowerCase().replace(/\.$/, '');
    return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  };
}

function addNetwork(networks: net.BlockList, address: string, bits: string | undefined): boolean {
  const most = net.isIPv6(address) ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(prefix <= most)) {
    return false;
  }
  networks.addSubnet(address, prefix, familyName(address));
  return true;
}

function familyName(address: string): 'ipv4' | 'ipv6' {
  return net.isIPv6(address) ? 'ipv6' : 'ipv4';
}
