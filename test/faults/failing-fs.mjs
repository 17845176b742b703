// Preloaded into the command by `--import`, so that a file fails as `FAILING_FS` says: a `Fault` of
// failing-fs.ts as JSON.
import fs from 'node:fs';

const { file, call, at = 1, code, takes } = JSON.parse(process.env.FAILING_FS);
const watched = new Set(file === 'standard output' ? [1] : []);
const { openSync, write, fdatasync, close } = fs;
let calls = 0;

fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest);
  if (path === file) {
    watched.add(fd);
  }
  return fd;
};

fs.close = (fd, done) => {
  if (isDue(fd, 'close')) {
    close(fd, () => done(failed()));
  } else {
    close(fd, done);
  }
  watched.delete(fd);
};

fs.fdatasync = (fd, done) => (isDue(fd, 'fsync') ? setImmediate(() => done(failed())) : fdatasync(fd, done));

fs.write = (fd, bytes, offset, length, position, done) => {
  if (!isDue(fd, 'write')) {
    write(fd, bytes, offset, length, position, done);
  } else if (takes !== undefined && (code === undefined || calls === at)) {
    write(fd, bytes, offset, Math.min(takes, length), position, done);
  } else if (code === 'EAGAIN' && calls % 2 === 0) {
    write(fd, bytes, offset, length, position, done);
  } else {
    setImmediate(() => done(failed(), 0, bytes));
  }
};

/** From the given call on all fail: a full disk stays full. */
function isDue(fd, name) {
  return watched.has(fd) && name === call && ++calls >= at;
}

function failed() {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call });
}
