import { failure } from '../../model/failure.ts';
import type { NextRule } from '../../model/options/next-rule.ts';
import type { ResumePoint, Task } from '../../model/task.ts';
import { isFailure, parseTarget } from '../../model/url.ts';
import { Job } from '../job.ts';
import { pageRequest, type Page } from './turn-page.ts';

/** The page from which a task goes on; a failure: why it cannot be fetched. */
export function resumePage(rule: NextRule, task: Task, { page, url, visited }: ResumePoint): Page {
  const at = (start: Pick<Task, 'url' | 'origin' | 'request'>) =>
    new Job(task, start, page, new Set([...visited, url]));
  const target = parseTarget(url);
  if (isFailure(target)) {
    return { job: at({ url, origin: '', request: task.request }), failure: target };
  }
  let from = { task, origin: task.origin, request: task.request };
  for (const earlier of visited.slice(1).map(parseTarget)) {
    if (!isFailure(earlier)) {
      from = { task, origin: earlier.origin, request: pageRequest(rule, from, earlier) };
    }
  }
  const job = at({ url: target.url, origin: target.origin, request: pageRequest(rule, from, target) });
  const loop = `page ${page - 1} leads back to ${url}, which was fetched before`;
  return visited.includes(url) ? { job, failure: failure('PAGE_LOOP', loop) } : { job };
}
