import type { InputFormat } from '../model/options/run-options.ts';
import { formatOfName, readerOf } from './format.ts';
import type { SourcePart } from './part.ts';
import type { FormatReader, FormatSettings, Text } from './reader.ts';
import { sniff } from './sniff.ts';

/** A text that is not open yet. */
export interface TextInput {
  /** For people. */
  readonly name: string;
  /** The name whose ending may tell the format: without that of a compression. */
  readonly formatName: string;
  /** Opens it; once `signal` is aborted, waits no longer for more. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** It can be read as often as is liked. */
  readonly isLasting: boolean;
}

/** The part of a run that a text is, in whatever format. Throws a `UsageError` for one that is of no use. */
export async function textPart(input: TextInput, settings: FormatSettings): Promise<SourcePart> {
  const { name, isLasting } = input;
  const format = settings.inputFormat ?? formatOfName(input.formatName);
  const open = async (signal: AbortSignal) => openText(input, format, settings, signal);
  if (isLasting && format !== undefined) {
    const { reader, text } = await open(never);
    await reader.check?.(text);
  }
  return {
    name,
    async *read(context, signal) {
      const { reader, text } = await open(signal);
      yield* reader.read(text, context);
    },
    ...(isLasting && {
      async count() {
        const { reader, text } = await open(never);
        return reader.count(text);
      },
    }),
  };
}

const never = new AbortController().signal;

interface OpenText {
  readonly reader: FormatReader;
  readonly text: Text;
}

async function openText(
  input: TextInput,
  known: InputFormat | undefined,
  settings: FormatSettings,
  signal: AbortSignal,
): Promise<OpenText> {
  const { name } = input;
  const chunks = input.open(signal);
  if (known !== undefined) {
    return { reader: await readerOf(known, settings), text: { name, chunks } };
  }
  const sniffed = await sniff(chunks);
  return { reader: await readerOf(sniffed.format, settings), text: { name, chunks: sniffed.chunks } };
}
