#!/usr/bin/env node
// Launcher: plain JavaScript that any Node can parse, so that an old one gets a sentence
// instead of a stack trace.
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`bulkfetch: needs Node.js 22.19 or newer, this is ${process.versions.node}\n`);
  process.exit(2);
}
// A run shows its state at SIGUSR1; before it and where there is none, Node would open its debugger.
process.on('SIGUSR1', () => {});
module.enableCompileCache();
await import('../dist/cli.js');
