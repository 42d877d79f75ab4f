import { type Problem, TraceReader } from '../../../trace/index.ts';
import { type Answer, type Question, Why } from '../../../why/index.ts';
import type { ProblemPrinter } from '../../streams/problems.ts';

/** A trace on its way to the answer; what is wrong with it is printed. */
export class Judge {
  readonly reader: TraceReader;
  readonly why: Why;
  readonly #problems: ProblemPrinter;

  /**
   * @param name of the trace, in what is printed
   * @param rules judge instead of the trace's own, unless undefined
   */
  constructor(
    name: string,
    question: Question,
    rules: string | undefined,
    problems: ProblemPrinter,
  ) {
    this.#problems = problems;
    this.why = new Why(name, question, rules);
    const { replay } = this.why;
    this.reader = new TraceReader(name, {
      faults: (header) => replay.faults(header),
      header: (header, line) => replay.header(header, line),
      event: (event, line) => {
        // What follows a problem would be judged from a wrong state.
        if (problems.count === 0) replay.event(event, line);
      },
      problem: (problem: Problem) => problems.add(problem),
    });
  }

  /** The answer, once all is read: null where there is none; undefined for an invalid trace. */
  answer(): Answer | null | undefined {
    this.reader.end(true);
    this.#problems.end();
    return this.#problems.count > 0 ? undefined : this.why.answer();
  }
}
