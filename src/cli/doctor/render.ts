import { pathOf } from '../../model/url.ts';
import { alignColumns, formatBytes, formatDuration, plural } from '../../report/format.ts';
import { paint, type Style } from '../../report/paint.ts';
import { clip, printable } from '../../report/printable.ts';
import type { Screen } from '../../report/render.ts';
import type { Answer, Diagnosis, FindingName, Request } from './diagnosis.ts';
import { askedToWait } from './evidence.ts';
import type { Finding } from './finding.ts';
import { phaseNames, type PhaseName } from './latency.ts';

/** Longer lines are hard to read. */
const mostColumns = 80;

/** How findings are called. */
const labels = {
  certificate: 'certificate',
  keepAlive: 'keep-alive',
  http2: 'HTTP/2',
  compression: 'compression',
  ranges: 'ranges',
  conditional: 'conditional',
  rateLimit: 'rate limit',
  robots: 'robots.txt',
  pages: 'pages',
  address: 'address',
  proxy: 'proxy',
} as const satisfies Record<FindingName, string>;

/** What a line about a request needs beside its URL. */
const otherColumns = 62;

/** Where the text beside a name begins. */
const indent = 16;

const styles: Readonly<Record<string, Style>> = { yes: 'green', allowed: 'green', 'not told': 'dim' };
const badVerdicts = /^(?:ended|not valid yet|disallowed|unreachable)|only$/;

/** A diagnosis as text for a person, ending in a newline. What comes from outside is escaped. */
export function renderDiagnosis(diagnosis: Diagnosis, screen: Screen): string {
  const columns = Math.min(screen.width, mostColumns);
  const blocks = [
    [...outcome(diagnosis, screen, columns), ...timing(diagnosis, columns)],
    findings(diagnosis, screen, columns),
    requests(diagnosis, columns),
    list('what to try', diagnosis.tries, screen, columns),
    advice(diagnosis, screen, columns),
    command(diagnosis, columns),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function outcome(diagnosis: Diagnosis, screen: Screen, columns: number): string[] {
  const { method, url, redirects, answer, failure, ok } = diagnosis;
  const where = failure?.phase === 'answer' || failure?.phase === 'none' ? '' : ` in phase ${failure?.phase}`;
  const texts = [
    answer === undefined ? [] : [answerText(answer)],
    failure === undefined || failure.code === 'HTTP_STATUS'
      ? []
      : [`failed${where}: ${failure.code}: ${failure.message}`],
  ];
  const lines = texts.flat().flatMap((text) => wrap('', text, columns, 2));
  return [
    paint(`${method} ${printable(url)}`, 'bold', screen),
    ...redirects.map(({ status, to }) => `${status} -> ${printable(to)}`),
    ...lines.map((line) => paint(line, ok ? 'green' : 'red', screen)),
    '',
  ];
}

function answerText({ status, httpVersion, contentType, bytes, encoding, server }: Answer): string {
  const parts = [
    `${status} over HTTP/${httpVersion}`,
    contentType,
    bytes !== undefined && formatBytes(bytes),
    encoding !== undefined && `compressed by ${encoding}`,
    server !== undefined && `from ${server}`,
  ];
  return parts.filter((part) => part !== undefined && part !== false).join(', ');
}

function timing(diagnosis: Diagnosis, columns: number): string[] {
  const { phases, totalMs, addresses, tls, redirects, findings } = diagnosis;
  const isDirect = findings.proxy.verdict === 'none';
  const notes: Partial<Record<PhaseName, string>> = {
    ...(isDirect &&
      addresses.length > 0 && { [phases.dns === undefined ? 'connect' : 'dns']: addresses.join(', ') }),
    ...(tls !== undefined && { tls: `${tls.version}, ${tls.cipher}` }),
  };
  const rows = phaseNames.flatMap((name) => {
    const ms = phases[name];
    return ms === undefined ? [] : [{ name, ms, note: notes[name] ?? '' }];
  });
  const total = redirects.length > 0 ? `with ${plural(redirects.length, 'redirect')}` : '';
  return [...rows, { name: 'total', ms: totalMs, note: total }].flatMap(({ name, ms, note }) => {
    const figure = formatDuration(ms).padStart(8);
    return wrap(`  ${name.padEnd(indent - 2)}${figure}  `, note, columns, indent + 10);
  });
}

/** Of a request that has failed only what is known: most could not be asked. */
function findings({ findings, ok }: Diagnosis, screen: Screen, columns: number): string[] {
  const names = (Object.keys(labels) as FindingName[]).filter(
    (name) => ok || !['not told', 'none'].includes(findings[name].verdict),
  );
  return names.flatMap((name) => {
    const finding: Finding = findings[name];
    const { verdict, detail } = finding;
    const lines = wrap(
      `  ${labels[name].padEnd(indent - 2)}`,
      detail === undefined ? verdict : `${verdict}: ${detail}`,
      columns,
      indent,
    );
    const style = styles[verdict] ?? (badVerdicts.test(verdict) ? 'yellow' : 'none');
    const shown = printable(verdict);
    return lines.map((line, at) =>
      at === 0 ? line.replace(shown, () => paint(shown, style, screen)) : line,
    );
  });
}

function requests({ requests, finalUrl, tls, answer }: Diagnosis, columns: number): string[] {
  const { origin } = new URL(finalUrl);
  const shown = requests.map((request) => shownUrl(request, origin, Math.max(8, columns - otherColumns)));
  const rows = requests.map((request, at) => [
    shown[at]!.isAbove ? '' : shown[at]!.text,
    printable(shortPurpose(request)),
    request.status === undefined ? (request.error ?? '') : String(request.status),
    formatDuration(request.ms),
    request.reused ? 'reused' : 'new connection',
  ]);
  const lines = alignColumns(rows, '<<<><').flatMap((line, at) =>
    shown[at]!.isAbove ? [shown[at]!.text, line] : [line],
  );
  const handshake = tls === undefined ? '' : ' and a TLS handshake';
  const end = askedToWait.has(answer?.status ?? 0) ? ', and no more, for the server asks to wait' : '';
  return [`${plural(requests.length, 'request')}${handshake}${end}:`, ...lines];
}

/**
 * The path at the host that was asked about, cut where it is long; of another host all of the URL, on a line
 * of its own where it is long, for what tells them apart may stand anywhere in it.
 */
function shownUrl(
  { method, url }: Request,
  origin: string,
  width: number,
): { readonly text: string; readonly isAbove: boolean } {
  if (url.startsWith(`${origin}/`)) {
    return { text: `  ${method} ${clip(printable(pathOf({ url, origin })), width)}`, isAbove: false };
  }
  const whole = printable(url);
  return { text: `  ${method} ${whole}`, isAbove: whole.length > width };
}

/** What tells the purpose, and no more of it: an ETag may be long. */
function shortPurpose({ purpose = '' }: Request): string {
  return /^(?:If-|robots)/.test(purpose) ? purpose.replace(/:.*$/s, '').replace('robots.txt', '') : purpose;
}

function list(title: string, items: readonly string[], screen: Screen, columns: number): string[] {
  return items.length === 0
    ? []
    : [paint(`${title}:`, 'bold', screen), ...items.flatMap((item) => wrap('  - ', item, columns, 4))];
}

function advice({ advice, movedTo, ok }: Diagnosis, screen: Screen, columns: number): string[] {
  if (!ok) {
    return [];
  }
  const width = Math.max(indent, ...advice.map(({ flag }) => flag.length + 4));
  const lines = advice.flatMap(({ flag, reason }) =>
    wrap(`  ${flag.padEnd(width - 2)}`, reason, columns, width),
  );
  const moved =
    movedTo === undefined
      ? []
      : wrap(
          '  ',
          `it has moved for good: ask for ${movedTo}, and each request saves the redirects`,
          columns,
          2,
        );
  return [paint('flags that would suit many such URLs:', 'bold', screen), ...lines, ...moved];
}

function command({ command, commandIsMasked }: Diagnosis, columns: number): string[] {
  if (command === undefined) {
    return [];
  }
  const note = 'secrets stand there as ***: write them again, or better as ${NAME} of the environment';
  return [`  ${printable(command)}`, ...(commandIsMasked === true ? wrap('  ', note, columns, 2) : [])];
}

/** Words behind a beginning, in lines of at most so many columns, each but the first indented. */
function wrap(begin: string, text: string, columns: number, indent: number): string[] {
  const lines: string[] = [];
  let line = begin;
  let isEmpty = true;
  for (const word of printable(text).split(' ')) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (longer.length > columns && !isEmpty) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    } else {
      line = longer;
    }
    isEmpty = false;
  }
  return [...lines, line].map((one) => one.trimEnd());
}
