import { OpenElements } from './html-elements.ts';
import type { Attributes, PageFinder } from './html-page.ts';

/**
 * What a person reads in a page: blocks on lines of their own, cells of a row parted by tabs, white space
 * collapsed but in `<pre>`. What is hidden by a style sheet is not known here.
 */
export class TextFinder implements PageFinder {
  #text = '';
  /** What stands between the text so far and what comes. */
  #gap = '';
  readonly #hidden = new OpenElements();
  readonly #preformatted = new OpenElements();

  open(name: string, attributes: Attributes): void {
    this.#hidden.open(isHidden(name, attributes));
    this.#preformatted.open(name === 'pre' || name === 'textarea');
    this.#part(name);
  }

  close(name: string): void {
    this.#part(name);
    this.#hidden.close();
    this.#preformatted.close();
  }

  text(data: string): void {
    if (this.#hidden.isInside) {
      return;
    }
    const ending = data.trimStart();
    const words = ending.trimEnd();
    this.#widen(data.slice(0, data.length - ending.length));
    if (words !== '') {
      this.#text += this.#text === '' ? '' : this.#gap;
      this.#text += this.#preformatted.isInside ? words : words.replaceAll(/\s+/g, ' ');
      this.#gap = '';
      this.#widen(ending.slice(words.length));
    }
  }

  result(): string {
    return this.#text;
  }

  /** The border of an element that stands apart. */
  #part(name: string): void {
    if (this.#hidden.isInside) {
      return;
    }
    if (blocks.has(name)) {
      this.#gap = '\n';
    } else if ((name === 'td' || name === 'th') && this.#gap !== '\n') {
      this.#gap = '\t';
    }
  }

  #widen(space: string): void {
    if (space === '') {
      return;
    }
    if (!this.#preformatted.isInside) {
      this.#gap ||= ' ';
    } else if (this.#gap === '\n') {
      this.#gap += space.slice(space.lastIndexOf('\n') + 1); // the block begins on one new line
    } else {
      this.#gap += space;
    }
  }
}

function isHidden(name: string, attributes: Attributes): boolean {
  return (
    unread.has(name) ||
    attributes['hidden'] !== undefined ||
    (name === 'dialog' && attributes['open'] === undefined)
  );
}

/** Elements whose text is for browsers that cannot show them, or for none. */
const unread: ReadonlySet<string> = new Set([
  'audio',
  'canvas',
  'datalist',
  'object',
  'rp',
  'title',
  'video',
]);

/** What begins and ends lines (HTML standard, 15.3.3), a line break too. */
const blocks: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset ' +
    'figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol ' +
    'optgroup option p plaintext pre search section select summary table tbody textarea tfoot thead tr ul xmp'
  ).split(' '),
);
