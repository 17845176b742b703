import { expect, it } from 'vitest';
import { isPublicAddress } from '../../src/fetch/http/public-address.ts';

/** The first and the last address of each network that is set apart, and others inside. */
it.each([
  ['this network', ['0.0.0.0', '0.255.255.255']],
  ['private', ['10.0.0.0', '10.255.255.255']],
  ['shared', ['100.64.0.0', '100.127.255.255']],
  ['loopback', ['127.0.0.0', '127.0.0.1', '127.255.255.255']],
  ['link-local', ['169.254.0.0', '169.254.255.255']],
  ['metadata services of clouds', ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '100.100.100.200']],
  ['private', ['172.16.0.0', '172.31.255.255']],
  ['IETF protocol assignments', ['192.0.0.0', '192.0.0.255']],
  ['documentation', ['192.0.2.0', '192.0.2.255']],
  ['6to4 relays', ['192.88.99.0', '192.88.99.255']],
  ['private', ['192.168.0.0', '192.168.255.255']],
  ['benchmarking', ['198.18.0.0', '198.19.255.255']],
  ['documentation', ['198.51.100.0', '198.51.100.255']],
  ['documentation', ['203.0.113.0', '203.0.113.255']],
  ['multicast', ['224.0.0.0', '239.255.255.255']],
  ['reserved', ['240.0.0.0', '255.255.255.254']],
  ['broadcast', ['255.255.255.255']],
  ['unspecified', ['::', '0:0:0:0:0:0:0:0']],
  ['loopback', ['::1', '0:0:0:0:0:0:0:1']],
  ['mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.1.2.3', '0:0:0:0:0:ffff:c0a8:0101']],
  ['compatible', ['::127.0.0.1', '::8.8.8.8']],
  ['translated', ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8']],
  ['NAT64', ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b::10.0.0.1', '64:ff9b::c0a8:1']],
  ['NAT64 of a network', ['64:ff9b:1::808:808']],
  ['discard', ['100::1']],
  ['Teredo', ['2001:0:4136:e378:8000:63bf:3fff:fdd2']],
  ['benchmarking', ['2001:2::1']],
  ['ORCHID', ['2001:10::1', '2001:2f:ffff::']],
  ['documentation', ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['6to4', ['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1']],
  ['documentation', ['3fff::1', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['segment routing', ['5f00::1']],
  ['unallocated', ['4000::1', '8000::1', 'e000::1']],
  ['unique local', ['fc00::', 'fd12:3456::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']],
  ['link-local', ['fe80::1', 'fe80::1%eth0', 'febf::1']],
  ['site-local', ['fec0::1']],
  ['multicast', ['ff00::', 'ff02::1', 'ff0e::1']],
  ['no address', ['', 'localhost', '127.1', '0x7f.1', '2130706433', '8.8.8.8.', '[::1]', '8.8.8.8/32']],
])('not public: %s %j', (_, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

/** Just outside of those networks. */
it.each([
  ['1.0.0.0'],
  ['8.8.8.8'],
  ['9.255.255.255', '11.0.0.0'],
  ['100.63.255.255', '100.128.0.0'],
  ['126.255.255.255', '128.0.0.0'],
  ['169.253.255.255', '169.255.0.0'],
  ['172.15.255.255', '172.32.0.0'],
  ['192.0.1.0', '192.0.3.0'],
  ['192.167.255.255', '192.169.0.0'],
  ['198.17.255.255', '198.20.0.0'],
  ['223.255.255.255'],
  ['2000::', '2600::1', '2606:4700:4700::1111'],
  ['2001:200::', '2001:4860:4860::8888'],
  ['2001:db7:ffff::', '2001:db9::'],
  ['2001:ffff::', '2003::'],
  ['3ffe:ffff::', '3fff:1000::'],
  ['::ffff:8.8.8.8', '::ffff:808:808'],
  ['64:ff9b::8.8.8.8', '64:ff9b::808:808'],
])('public: %s', (...addresses) => {
  expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
});
