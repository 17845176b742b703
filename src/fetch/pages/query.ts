/** The URL with a query parameter set. The other parameters stay as they are, to the byte. */
export function withParameter(url: string, name: string, value: string): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const parts = mark === -1 || mark === url.length - 1 ? [] : url.slice(mark + 1).split('&');
  const set = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  const at = parts.findIndex((part) => nameOf(part) === name);
  const others = parts.filter((part) => nameOf(part) !== name);
  return `${path}?${others.toSpliced(at === -1 ? others.length : at, 0, set).join('&')}`;
}

function nameOf(part: string): string | undefined {
  return new URLSearchParams(part).keys().next().value;
}
