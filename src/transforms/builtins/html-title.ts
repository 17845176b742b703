import { OpenElements } from './html-elements.ts';
import type { PageFinder } from './html-page.ts';

/** The text of the first `<title>`, white space collapsed; null: there is none. A picture's is none. */
export class TitleFinder implements PageFinder {
  #title: string | undefined;
  #isOpen = false;
  readonly #pictures = new OpenElements();

  open(name: string): void {
    if (name === 'title' && this.#title === undefined && !this.#pictures.isInside) {
      this.#title = '';
      this.#isOpen = true;
    }
    this.#pictures.open(name === 'svg');
  }

  close(name: string): void {
    this.#pictures.close();
    if (name === 'title') {
      this.#isOpen = false;
    }
  }

  text(data: string): void {
    if (this.#isOpen) {
      this.#title += data;
    }
  }

  result(): string | null {
    return this.#title === undefined ? null : this.#title.replaceAll(/\s+/g, ' ').trim();
  }
}
