import { toContent } from '../model/body/content.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import { asBuffer } from '../model/as-buffer.ts';
import { valueOf, type Content } from '../model/body/value.ts';
import type { TransformRecord } from './transform.ts';

type Form = ResolvedOptions['body'];

/**
 * A body in a worker: the bytes, and what is made of them once somebody wants it. In the record it stands as
 * a property that parses when it is read, so that a transform that hashes bytes pays for no parsing.
 */
export class WorkerBody {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly #form: Form;
  #content: { readonly made: Content | undefined } | undefined;
  #isEncodingSet = false;
  #read: { readonly value: unknown; readonly json: string | undefined } | undefined;

  /** `form`: how it stands in the record that a transform sees; never `none`. */
  constructor(bytes: Uint8Array, contentType: string | undefined, form: Form) {
    this.bytes = bytes;
    this.contentType = contentType;
    this.#form = form === 'none' ? 'auto' : form;
  }

  /** The body in its form; undefined: it is empty. */
  get content(): Content | undefined {
    const { bytes, contentType } = this;
    this.#content ??= {
      made: bytes.length === 0 ? undefined : toContent(asBuffer(bytes), contentType, this.#form),
    };
    return this.#content.made;
  }

  /** Gives the record this body. */
  install(record: TransformRecord): void {
    define(record, 'body', () => this.#value);
    const encoding = () => (this.content?.form === 'base64' ? 'base64' : undefined);
    define(record, 'bodyEncoding', encoding, () => (this.#isEncodingSet = true));
  }

  /**
   * What a transform has said of how the body is encoded; undefined: nothing. In a copy of the record base64 may
   * only say that the body which came is bytes: then a text that took its place is a text.
   */
  encodingSetIn(record: TransformRecord): unknown {
    const value: unknown = Object.getOwnPropertyDescriptor(record, 'bodyEncoding')?.value ?? undefined;
    const isCopied = value === 'base64' && !this.#isEncodingSet && this.content?.form === 'base64';
    return isCopied ? undefined : value;
  }

  /** False: the record has another body than this, or has had it changed. */
  isThatOf(record: TransformRecord): boolean {
    const property = Object.getOwnPropertyDescriptor(record, 'body');
    if (property?.get === undefined && property?.value !== this.#read?.value) {
      return false;
    }
    if (this.#read === undefined) {
      return property !== undefined; // nobody has looked at it
    }
    return this.#read.json === undefined || this.#read.json === jsonOf(this.#read.value);
  }

  get #value(): unknown {
    this.#read ??= readOf(valueOf(this.content));
    return this.#read.value;
  }
}

/** With what an object is now, as JSON: whoever has it may change it. */
function readOf(value: unknown): { readonly value: unknown; readonly json: string | undefined } {
  return { value, json: typeof value === 'object' && value !== null ? jsonOf(value) : undefined };
}

/** Undefined for what nests too deep or holds what it should not: then it passes for unchanged. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A property like any other, but for that it is made when it is read. */
function define(
  record: TransformRecord,
  name: 'body' | 'bodyEncoding',
  get: () => unknown,
  onSet: () => void = () => {},
): void {
  Object.defineProperty(record, name, {
    get,
    set: (value: unknown) => {
      onSet();
      Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
    },
    enumerable: true,
    configurable: true,
  });
}
