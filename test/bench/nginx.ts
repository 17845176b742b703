import { once } from 'node:events';
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Server } from './types.ts';

const echoModule = '/usr/lib/nginx/modules/ngx_http_echo_module.so';

/** The bytes of every answer. */
const bodyBytes = 991;

/** How long nginx may take to listen. */
const startMs = 5_000;

/** A running nginx, with no file outside the folder it was given. */
export interface Nginx {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

/** Starts nginx on free ports with one worker on core 1 and waits until it accepts connections. */
export async function startNginx(folder: string): Promise<Nginx> {
  const home = path.join(folder, 'nginx');
  await mkdir(home);
  await createCertificate(home);
  const [http, https, hosts] = [await freePort(), await freePort(), await freePort()];
  const file = path.join(home, 'nginx.conf');
  await writeFile(file, configuration(home, http, https, hosts));

  const child = spawn('nginx', ['-e', path.join(home, 'error.log'), '-c', file], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exit;
  };
  try {
    await Promise.race([accepts(http), exit.then(() => Promise.reject(new Error('nginx ended')))]);
  } catch (error) {
    await stop();
    const log = await readFile(path.join(home, 'error.log'), 'utf8');
    throw new Error(`nginx did not start: ${log}`, { cause: error });
  }
  return {
    server: { http: `http://127.0.0.1:${http}`, https: `https://127.0.0.1:${https}`, hostsPort: hosts },
    stop,
  };
}

function configuration(home: string, http: number, https: number, hosts: number): string {
  return `
load_module ${echoModule};
daemon off;
user ${userInfo().username};
pid ${home}/nginx.pid;
worker_processes 1;
worker_cpu_affinity 10;
worker_rlimit_nofile 60000;
events { worker_connections 20000; }
http {
  access_log off;
  error_log ${home}/error.log warn;
  keepalive_requests 1000000000;
  keepalive_timeout 65;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${home}/${kind};`).join(' ')}
  default_type application/json;
  map $uri $user { default '${userJson()}'; }
  geo $stranger { default 1; 127.0.0.0/8 0; }

  server {
    listen 127.0.0.1:${http} backlog=8192;
    location / { return 200 $user; }
    location /slow20/ { echo_sleep 0.02; echo -n $user; }
    location /slow100/ { echo_sleep 0.1; echo -n $user; }
    location /slow1000/ { echo_sleep 1; echo -n $user; }
  }
  server {
    listen 127.0.0.1:${https} ssl backlog=8192;
    ssl_certificate ${home}/cert.pem;
    ssl_certificate_key ${home}/key.pem;
    ssl_protocols TLSv1.3;
    location / { return 200 $user; }
  }
  server {
    # One socket for all of 127.0.0.0/8 has to listen on every address: strangers are hung up on.
    listen ${hosts} backlog=8192;
    if ($stranger) { return 444; }
    location / { return 200 $user; }
  }
}
`;
}

/** A user as an API would give it, padded to the same size on every machine. */
function userJson(): string {
  const user = {
    id: 17,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    active: true,
    balance: 1234.56,
    tags: ['a', 'bb', 'ccc'],
    address: { street: '12 Analytical Way', city: 'London', zip: 'EC1A' },
    history: Array.from({ length: 16 }, (_, index) => ({
      at: `2026-01-0${1 + (index % 9)}`,
      kind: 'login',
      ms: index * 13,
    })),
    pad: '',
  };
  const pad = 'x'.repeat(bodyBytes - JSON.stringify(user).length);
  return JSON.stringify({ ...user, pad });
}

async function createCertificate(home: string): Promise<void> {
  const files = ['-keyout', path.join(home, 'key.pem'), '-out', path.join(home, 'cert.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...key,
    ...files,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('the system gave no port');
  }
  return address.port;
}

/** Polls, because nginx tells nobody when it is ready. */
async function accepts(port: number): Promise<void> {
  const end = performance.now() + startMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > end) {
        throw error;
      }
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
}
