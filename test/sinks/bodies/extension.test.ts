import { expect, it } from 'vitest';
import { withExtension } from '../../../src/sinks/bodies/extension.ts';

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
