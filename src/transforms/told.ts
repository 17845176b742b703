/** So many different texts are told: those of a module may be another for each record. */
const most = 20;

/** Tells each text once, and of many different ones only that there are more. */
export function onceEach(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text) || told.size > most) {
      return;
    }
    told.add(text);
    tell(told.size > most ? 'transforms: more errors that nothing caught are not told' : text);
  };
}
