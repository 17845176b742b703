import { distance } from 'fastest-levenshtein';

/**
 * The word that a misspelt one stands for; undefined when none is near. Capitals, dashes and
 * underscores do not count: `per-host-rate` is `perHostRate`. Near is an edit distance (Levenshtein
 * 1966) of at most 3 and of less than two fifths of the word.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const bare = normalized(word);
  let least = Math.min(3, Math.floor(bare.length * 0.4));
  let found: string | undefined;
  for (const one of words) {
    const apart = distance(bare, normalized(one));
    if (apart < least || (apart === least && found === undefined)) {
      least = apart;
      found = one;
    }
  }
  return found;
}

/** ` (did you mean concurrency?)`, or nothing. */
export function didYouMean(word: string | undefined): string {
  return word === undefined ? '' : ` (did you mean ${word}?)`;
}

function normalized(word: string): string {
  return word.replaceAll(/[-_]/g, '').toLowerCase();
}
