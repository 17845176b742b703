import type { Attributes, PageFinder } from './html-page.ts';

/** What `<meta>` elements say: their content by name, property or http-equiv, in lower case; lists where it is repeated. */
export class MetaFinder implements PageFinder {
  readonly #contents = new Map<string, string[]>();

  open(name: string, attributes: Attributes): void {
    const { content } = attributes;
    if (name !== 'meta' || content === undefined) {
      return;
    }
    const keys = [attributes['name'], attributes['property'], attributes['http-equiv']].map((key = '') =>
      key.trim().toLowerCase(),
    );
    for (const key of new Set(keys.filter((one) => one !== ''))) {
      const contents = this.#contents.get(key);
      if (contents === undefined) {
        this.#contents.set(key, [content]);
      } else {
        contents.push(content);
      }
    }
  }

  close(): void {}

  text(): void {}

  result(): Readonly<Record<string, string | readonly string[]>> {
    const entries = [...this.#contents].map(
      ([key, contents]) => [key, contents.length === 1 ? contents[0]! : contents] as const,
    );
    return Object.fromEntries(entries);
  }
}
