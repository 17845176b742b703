import { UsageError } from '../../model/errors.ts';
import { failure } from '../../model/failure.ts';
import { createTask, invalidTask, type Task } from '../../model/task.ts';
import { withoutUserInfo } from '../../model/url.ts';
import { hasDotSegment } from './dot-segment.ts';
import type { Opener, SourcePart } from '../part.ts';
import type { Pattern } from './pattern.ts';
import { batchSize, type SourceContext } from '../source.ts';
import { parseTemplate, type Template } from './template.ts';

/**
 * A URL on the command line, with curl's globs and, given `--ids`, `{id}`: then every id gets all URLs
 * that the globs stand for before the next id, and is the id of its tasks.
 */
export const urlOpener: Opener = {
  accepts: isUrl,

  open(argument, { ids, globoff }) {
    // Without ids, `--globoff` leaves nothing that `{id}` could mean but itself.
    const template = parseTemplate(argument, globoff);
    if (ids !== undefined) {
      return template.hasId
        ? patternPart(argument, template.size * ids.size, idTask(template, ids))
        : reject(`--ids needs {id} in the URL: ${withoutUserInfo(argument)}`);
    }
    if (template.hasId && !globoff) {
      return reject(
        String.raw`{id} in ${withoutUserInfo(argument)}: did you mean --ids? (write \{id\} for the text itself)`,
      );
    }
    return patternPart(argument, template.size, globTask(template));
  },
};

/** Whether an argument is a URL; any other is a file or `-`. */
export function isUrl(argument: string): boolean {
  return /^https?:\/\//i.test(argument);
}

/** Makes the task at a position of the argument, from 0. */
type TaskAt = (position: number, context: SourceContext) => Task;

function idTask(template: Template, ids: Pattern): TaskAt {
  return (position, { firstIndex, request }) => {
    const id = ids.at(Math.floor(position / template.size));
    const urlWith = (text: string) => template.at(position % template.size, text);
    const url = urlWith(encodeURIComponent(id));
    return isDots(id) && hasDotSegment(url) && !hasDotSegment(urlWith('x'))
      ? invalidTask(firstIndex + position, id, url, request, dotsProblem)
      : createTask(firstIndex + position, id, url, request);
  };
}

/** They are the only ids that encoding does not keep in their place. */
function isDots(id: string): boolean {
  return id === '.' || id === '..';
}

const dotsProblem = failure('INVALID_URL', 'the id is "." or "..", which cannot be a segment of a path');

function globTask(template: Template): TaskAt {
  return (position, { firstIndex, request }) => {
    return createTask(firstIndex + position, undefined, template.at(position, '{id}'), request);
  };
}

function patternPart(name: string, size: number, taskAt: TaskAt): SourcePart {
  if (size > Number.MAX_SAFE_INTEGER) {
    return reject(`more URLs than can be counted (2^53): ${withoutUserInfo(name)}`);
  }
  return {
    name,
    size,
    async *read(context) {
      for (let start = 0; start < size; start += batchSize) {
        yield readBatch(start, Math.min(start + batchSize, size), taskAt, context);
      }
    },
  };
}

function readBatch(start: number, end: number, taskAt: TaskAt, context: SourceContext): Task[] {
  const batch: Task[] = [];
  for (let position = start; position < end; position++) {
    const task = taskAt(position, context);
    if (task.invalid !== undefined) {
      context.onInvalid(task.invalid.message);
    }
    batch.push(task);
  }
  return batch;
}

function reject(message: string): never {
  throw new UsageError(message);
}
