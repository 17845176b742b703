import { mediaType } from '../../model/body/media-type.ts';
import { UsageError } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../model/near.ts';
import { TransformError } from '../transform-error.ts';
import type { Builtin, TransformContext } from '../transform.ts';
import type { PageFinder } from './html-page.ts';
import { LinkFinder } from './html-links.ts';
import { MetaFinder } from './html-meta.ts';
import { TextFinder } from './html-text.ts';
import { TitleFinder } from './html-title.ts';

/** `html:title`, `html:title,links`: what stands in a page. */
export const html = {
  about: 'html:title|links|text|meta  that of a page; with several, as in html:title,links, an object',
  async parse(argument = '') {
    const wanted = wantedOf(argument);
    const [{ readPage }, { decodePage }] = await Promise.all([
      import('./html-page.ts'),
      import('./html-charset.ts'),
    ]);
    return (record, context) => {
      requireHtml(context);
      const { finalUrl, url } = record;
      const made = wanted.map((name) => finders[name](typeof finalUrl === 'string' ? finalUrl : url));
      readPage(decodePage(context.bytes, context.contentType), made, isXml(context));
      const found = wanted.map((name, at) => [name, made[at]!.result()] as const);
      record.result = found.length === 1 ? found[0]![1] : Object.fromEntries(found);
      return record;
    };
  },
} satisfies Builtin;

/** What can be found, by name. */
const finders = {
  title: () => new TitleFinder(),
  links: (url) => new LinkFinder(url),
  text: () => new TextFinder(),
  meta: () => new MetaFinder(),
} satisfies Record<string, (url: string) => PageFinder>;

type Name = keyof typeof finders;

function wantedOf(argument: string): readonly Name[] {
  const names = Object.keys(finders) as Name[];
  if (argument === '') {
    throw new UsageError(`must say what to find: ${names.join(', ')}`);
  }
  const wanted = argument.split(',').map((text) => {
    const name = names.find((one) => one === text);
    if (name === undefined) {
      const hint =
        didYouMean(nearest(text, names)) ||
        `: there are ${names.join(', ')}, several with commas as in html:title,links`;
      throw new UsageError(`cannot find ${JSON.stringify(text)}${hint}`);
    }
    return name;
  });
  const twice = wanted.find((name, at) => wanted.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new UsageError(`${twice} is there twice`);
  }
  return wanted;
}

/** Text of any type may be a page, and what has no type. */
function requireHtml({ contentType }: TransformContext): void {
  const { form } = mediaType(contentType);
  if (form === 'json' || form === 'bytes') {
    throw new TransformError(`the body is no HTML: its Content-Type is ${contentType}`);
  }
}

/** There, `<script/>` is a whole element. */
function isXml({ contentType = '' }: TransformContext): boolean {
  return /^[^;]*[/+]xml/i.test(contentType);
}
