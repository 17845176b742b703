import type { ScenarioResult } from './rounds.ts';
import type { ToolName } from './tools.ts';
import type { Figure } from './types.ts';

/** A promise that a result is held to. */
export type FigureRule = (result: ScenarioResult, judge: boolean) => Figure;

type Reading = (result: ScenarioResult) => number | undefined;

/** `tool` does at least `factor` times as many requests a second as `peer` in the same rounds. */
export function timesAsFast(tool: ToolName, peer: ToolName, factor: number): FigureRule {
  return atLeast(`${tool} : ${peer}, requests/s`, factor, 'x', ({ medians }) => {
    const [own, other] = [medians[tool], medians[peer]];
    return own === undefined || other === undefined ? undefined : other.seconds / own.seconds;
  });
}

/** A reading that must not be below the bound. */
export function atLeast(about: string, bound: number, unit: string, read: Reading): FigureRule {
  return (result, judge) => figure(about, '>=', bound, unit, read(result), judge);
}

/** A reading that must not be above the bound. */
export function atMost(about: string, bound: number, unit: string, read: Reading): FigureRule {
  return (result, judge) => figure(about, '<=', bound, unit, read(result), judge);
}

/** A figure from its parts; without `judge` it is shown but neither met nor missed. */
export function figure(
  about: string,
  sign: '>=' | '<=',
  bound: number,
  unit: string,
  measured: number | undefined,
  judge: boolean,
): Figure {
  const holds = measured !== undefined && (sign === '>=' ? measured >= bound : measured <= bound);
  const met = judge && measured !== undefined ? holds : undefined;
  return { about, asked: `${sign} ${bound}${unit}`, measured, unit, met };
}
