import { stackPlace } from './stack-place.ts';
import { thrownLine } from './thrown.ts';

/**
 * Tells of promises that reject in this thread while nobody awaits them, and lets it go on: which record has left
 * one is not known when it rejects, and no other record is to pay for it. `specs`: the transforms here.
 */
export function tellRejections(
  specs: readonly string[],
  own: readonly string[],
  tell: (text: string) => void,
): void {
  process.on('unhandledRejection', (reason) => {
    const place = stackPlace(reason, own);
    const at = place === undefined ? '' : ` at ${place}`;
    const said = thrownLine(reason);
    tell(
      `--transform ${specs.join(', ')}: nothing caught a rejection${at}: ${said}; is an \`await\` missing?`,
    );
  });
}
