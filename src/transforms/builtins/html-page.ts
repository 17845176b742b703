import { Parser } from 'htmlparser2';
import { OpenElements } from './html-elements.ts';

/** Attributes of an element by name, in lower case. */
export type Attributes = Readonly<Partial<Record<string, string>>>;

/** Looks for something while a page goes by. Every `open` has its `close`, at the end of the page at last. */
export interface PageFinder {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  /** Character references in it are resolved; a text may come in several pieces. */
  text(data: string): void;
  /** What was found, once the page has gone by. */
  result(): unknown;
}

/** Lets a page go by, without what is in elements that show nothing of it where scripts run. */
export function readPage(page: string, finders: readonly PageFinder[], isXml: boolean): void {
  const inert = new OpenElements();
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const isSeen = !inert.isInside;
        inert.open(inertElements.has(name));
        if (isSeen) {
          for (const finder of finders) {
            finder.open(name, attributes);
          }
        }
      },
      onclosetag(name) {
        inert.close();
        if (!inert.isInside) {
          for (const finder of finders) {
            finder.close(name);
          }
        }
      },
      ontext(data) {
        if (!inert.isInside) {
          for (const finder of finders) {
            finder.text(data);
          }
        }
      },
    },
    { recognizeSelfClosing: isXml, recognizeCDATA: isXml },
  );
  parser.end(page);
}

const inertElements: ReadonlySet<string> = new Set([
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'script',
  'style',
  'template',
]);
