import { expect, it } from 'vitest';
import { withExtension, withOtherExtension } from '../../../src/sinks/bodies/extension.ts';

it.each([
  ['17', 'application/json', '17', '.json'],
  ['17', 'TEXT/HTML; charset=utf-8', '17', '.html'],
  ['17', ['text/plain', 'text/html'], '17', '.txt'],
  ['17', 'application/problem+json', '17', '.json'],
  ['17', 'image/svg+xml', '17', '.svg'],
  ['17', 'audio/mpeg', '17', '.mp3'],
  ['17', 'application/octet-stream', '17', '.bin'],
  ['17', undefined, '17', ''],
  ['17', '../../evil', '17', ''],
  ['17', 'x/y.z', '17', ''],
  ['logo.png', 'image/png', 'logo', '.png'],
  ['photo.JPEG', 'image/jpeg', 'photo', '.JPEG'],
  ['logo.png', 'image/webp', 'logo.png', '.webp'],
  ['v1.2', 'text/plain', 'v1.2', '.txt'],
  ['json', 'application/json', 'json', '.json'],
])('%s of type %j: %s%s', (name, type, stem, extension) => {
  expect(withExtension(name, type)).toEqual({ stem, extension });
});

it.each([
  ['0', 'application/gzip', '', '0', ''],
  ['0', 'application/gzip', 'text/csv', '0', '.csv'],
  ['data.json.gz', 'application/gzip', '', 'data.json', ''],
  ['data.json.gz', 'application/octet-stream', '', 'data.json', ''],
  ['data.json.gz', undefined, 'application/json', 'data', '.json'],
  ['page.html', 'text/html', 'text/plain', 'page', '.txt'],
  ['v1.2', 'text/html', 'text/plain', 'v1.2', '.txt'],
  ['v1.2', undefined, '', 'v1.2', ''],
])('%s of type %j made into %j: %s%s', (name, came, made, stem, extension) => {
  expect(withOtherExtension(name, came, made)).toEqual({ stem, extension });
});
