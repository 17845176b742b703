import { json, type Answer, type Request } from './answer.ts';
import { fnv1a } from '../model/fnv1a.ts';

/**
 * Says what was received: `{ id, received }`, with 201 for POST and 200 for PUT and PATCH. The id is
 * that of the path, else that in the body, else made from the body, so that it never changes.
 */
export function echo(request: Request, idInPath: string): Answer {
  const received = parse(request.body);
  const id = idInPath === '' ? (idIn(received) ?? fnv1a(request.body)) : idInPath;
  return json(request.method === 'POST' ? 201 : 200, { id, received });
}

/** What is no JSON stays text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function idIn(received: unknown): unknown {
  return typeof received === 'object' && received !== null && 'id' in received ? received.id : undefined;
}
