import type { Attributes, PageFinder } from './html-page.ts';

/** The URLs of `<a>` and `<area>`, absolute, each once, in the order of the page: http and https only. */
export class LinkFinder implements PageFinder {
  readonly #url: string;
  readonly #references: string[] = [];
  /** The first `<base>` holds, also for what stands before it. */
  #base: string | undefined;

  /** `url`: that of the page. */
  constructor(url: string) {
    this.#url = url;
  }

  open(name: string, { href }: Attributes): void {
    if (href === undefined) {
      return;
    }
    if (name === 'a' || name === 'area') {
      this.#references.push(href);
    } else if (name === 'base') {
      this.#base ??= href;
    }
  }

  close(): void {}

  text(): void {}

  result(): readonly string[] {
    const base = (this.#base === undefined ? null : URL.parse(this.#base, this.#url)) ?? this.#url;
    const links = this.#references.map((reference) => URL.parse(reference, base));
    return [...new Set(links.filter(isWeb).map(({ href }) => href))];
  }
}

function isWeb(url: URL | null): url is URL {
  return url?.protocol === 'https:' || url?.protocol === 'http:';
}
