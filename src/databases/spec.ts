/** A spec as it may be shown and compared: without user name, password and parameters. */
export function shownSpec(spec: string): string {
  return spec.includes('://')
    ? spec.replace(/^([a-z][a-z\d+.-]*:\/\/).*@/is, '$1').replace(/\?.*$/s, '')
    : spec;
}

/** The files of those specs that are `sqlite:FILE`. */
export function filesOfSpecs(specs: readonly (string | undefined)[]): readonly string[] {
  return specs.flatMap((spec) => /^sqlite:(.+)$/s.exec(spec ?? '')?.[1] ?? []);
}
