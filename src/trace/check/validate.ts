import { headerSchema } from '../../format/index.ts';
import { suggest, withSuggestion } from '../text/suggest.ts';
import { describeValue, type Issue, orList, quote } from '../text/wording.ts';
import { type Acceptor, acceptorOf, isObject, REJECTED } from './acceptor.ts';
import { EVENT_SHAPES } from './event-shapes.ts';
import { explain } from './explain.ts';
import { objectShapeOf } from './shape.ts';

const EVENT_NAMES = [...EVENT_SHAPES.keys()];
const ACCEPTORS: ReadonlyMap<unknown, Acceptor> = new Map(
  Array.from(EVENT_SHAPES, ([name, shape]) => [name, acceptorOf(shape)]),
);
const HEADER_SHAPE = objectShapeOf(headerSchema);

/** Whether a JSON value is an event of the format: `REJECTED`, or the number of keys in it. */
export function acceptEvent(value: unknown): number {
  if (!isObject(value)) return REJECTED;
  const accept = ACCEPTORS.get(value.event);
  return accept === undefined ? REJECTED : accept(value);
}

/** Why a JSON value is no event of the format; empty exactly when `acceptEvent` accepts it. */
export function explainEvent(value: unknown): Issue[] {
  if (!isObject(value)) return [notAnObject(value)];
  if (!Object.hasOwn(value, 'event')) return [withoutEvent(value)];
  const name = value.event;
  const shape = typeof name === 'string' ? EVENT_SHAPES.get(name) : undefined;
  if (typeof name === 'string' && shape !== undefined) return explain(shape, value, name);
  const meant = typeof name === 'string' ? suggest(name, EVENT_NAMES) : null;
  return [
    {
      path: ['event'],
      on: 'value',
      what:
        typeof name === 'string'
          ? `unknown event ${quote(name)}`
          : `event is ${describeValue(name)}`,
      allowed: withSuggestion(meant && quote(meant), `it must be ${orList(EVENT_NAMES)}`),
    },
  ];
}

/** Why a JSON value is no header of the format; empty when it is one. */
export function explainHeader(value: unknown): Issue[] {
  return isObject(value) ? explain(HEADER_SHAPE, value, 'the header') : [notAnObject(value)];
}

function withoutEvent(value: object): Issue {
  const misspelt = Object.keys(value).find((key) => suggest(key, ['event']) !== null);
  if (misspelt === undefined) {
    const allowed = `it is required: ${orList(EVENT_NAMES)}`;
    return { path: [], on: 'value', what: 'the line lacks "event"', allowed };
  }
  const what = `unknown key ${quote(misspelt)} in a line without "event"`;
  return { path: [misspelt], on: 'key', what, allowed: 'did you mean "event"?' };
}

function notAnObject(value: unknown): Issue {
  const what = `the line is ${describeValue(value)}`;
  return {
    path: [],
    on: 'value',
    what,
    allowed: 'each line is one JSON object',
  };
}
