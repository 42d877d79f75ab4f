import { escapeControl } from '../../../trace/text/escape.ts';
import type { Answer, Question } from '../../../why/index.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { checkImported, importProgress, readCaptures } from '../../captures/read-captures.ts';
import { readConfig } from '../../captures/read-config.ts';
import { STDIN_ARGUMENT, STDIN_NAME } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { breathe } from '../../streams/breathe.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { interruptible } from '../../streams/signals.ts';
import { Captured, type Running, unknownId, unknownRequest } from './captured.ts';
import { whyJson } from './json.ts';
import { Judge } from './judge.ts';
import type { WhyOptions } from './options.ts';
import { type Quoted, quotedLines } from './quote.ts';
import { whyText } from './text.ts';

const OPENING_BRACE = 0x7b;
/** A byte order mark, and white space. */
const BEFORE: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);

/** Whether bytes begin like a trace, whose lines are objects. */
function beginsLikeTrace(bytes: Uint8Array): boolean {
  return bytes.find((byte) => !BEFORE.has(byte)) === OPENING_BRACE;
}

/** An answer, and what it was found in. */
interface Found {
  /** Null where nothing has the id; undefined for an invalid trace. */
  readonly answer: Answer | null | undefined;
  readonly judge: Judge;
  /** The captures, where there are such. */
  readonly captured: Captured | null;
}

/** Reads a trace through the judge, or captures into what is imported; false for the latter. */
async function takesTrace(
  inputs: readonly string[],
  judge: Judge,
  captured: Captured,
  running: Running,
): Promise<boolean> {
  let isTrace: boolean | null = null;
  const { importer } = captured;
  const sink = {
    write(chunk: Uint8Array): boolean {
      isTrace ??= beginsLikeTrace(chunk);
      if (isTrace) judge.reader.write(chunk);
      else importer.write(chunk);
      return !(isTrace && judge.reader.done);
    },
    nextFile: () => importer.nextFile(),
  };
  await readCaptures(inputs, sink, importProgress(importer), running);
  return isTrace ?? true;
}

/** Finds the answer in whatever is named on the command line. */
async function find(
  inputs: readonly string[],
  options: WhyOptions,
  asked: Question,
  { captured, rules }: { readonly captured: Captured; readonly rules: string | undefined },
  running: Running,
): Promise<Found> {
  const { host, stop } = running;
  const { stderr, env, isTerminal } = host;
  const name = inputs.map((path) => (path === STDIN_ARGUMENT ? STDIN_NAME : path)).join(', ');
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const palette = await paletteFor(hasColor);
  const judgeOf = (question: Question): Judge =>
    new Judge(name, question, rules, new ProblemPrinter(name, stderr, palette));
  const judge = judgeOf(asked);
  if (await takesTrace(inputs, judge, captured, running)) {
    if (inputs.length > 1) throw new KnownError('only one trace at a time; captures can be many');
    for (const [option, value] of Object.entries({ config: options.config, pid: options.pid })) {
      if (value !== undefined) throw new KnownError(`--${option}: is of captures; this is a trace`);
    }
    return { answer: judge.answer(), judge, captured: null };
  }
  captured.importer.end();
  checkImported(captured.importer, inputs);
  const question: Question =
    asked.kind === 'request'
      ? { ...asked, id: await captured.streamNamed(asked.id, running) }
      : asked;
  const own = judgeOf(question);
  for (const part of captured.trace()) {
    own.reader.write(part);
    await breathe(stop);
  }
  return { answer: own.answer(), judge: own, captured };
}

function questionOf({ conn, request }: WhyOptions): Question {
  if (conn !== undefined) return { kind: 'conn', id: conn };
  return request === undefined ? { kind: 'held' } : { kind: 'request', id: request };
}

/** The error for an id that a trace does not have. */
function unknown(question: Question, ids: ReadonlySet<string>): KnownError {
  if (question.kind === 'held') throw new Error('a question without an id has an answer');
  const { kind, id } = question;
  if (kind === 'request') return unknownRequest(id, ids, false);
  return unknownId('--conn', id, ids, 'no connection has that id');
}

async function tell(
  answer: Answer,
  found: { readonly rules: string; readonly quoted: Quoted | null },
  options: WhyOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<void> {
  const { rules, quoted } = found;
  if (options.reporter === 'json') {
    stdout.write(whyJson(answer, rules, quoted));
    return;
  }
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stdout });
  stdout.tell(whyText(answer, { width, palette: await paletteFor(hasColor), quoted }));
}

/**
 * The command `replay why`: answers a question about a trace, or about captures, which are imported
 * first.
 *
 * @throws KnownError for an unknown rule set, what cannot be read, captures that hold nothing, and
 *   an id that nothing has
 */
export async function runWhy(
  inputs: readonly string[],
  options: WhyOptions,
  host: Host,
): Promise<Outcome> {
  const rules =
    options.rules === undefined ? undefined : ruleSetNamed(options.rules, host.stderr).id;
  const { pid = null } = options;
  if (pid !== null && !/^\d+$/.test(pid)) {
    throw new KnownError(`--pid ${escapeControl(pid)}: must be a number`);
  }
  const question = questionOf(options);
  const config = options.config === undefined ? null : await readConfig(options.config);
  return interruptible(async (stop) => {
    const captured = new Captured(inputs, { config, pid });
    const running = { host, stop };
    try {
      const found = await find(inputs, options, question, { captured, rules }, running);
      const { answer, judge } = found;
      if (answer === undefined) return 'not-judged';
      if (answer === null) throw unknown(question, judge.why.ids);
      const quoted = (await found.captured?.lines(quotedLines(answer), running)) ?? null;
      await tell(answer, { rules: judge.why.rules, quoted }, options, host);
      return 'agrees';
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    } finally {
      captured.close();
    }
  });
}
