import { Buffer } from 'node:buffer';
import { Replay } from '../../src/replay/index.ts';
import { FileCollector } from '../../src/report/data/collect.ts';
import { reportOf, reportOptions, totalsOf } from '../../src/report/data/run.ts';
import type { Report, ReportFile, ToldReport } from '../../src/report/data/schema.ts';
import type { Selection } from '../../src/report/data/select.ts';
import { Tally } from '../../src/report/data/tally.ts';
import type { WholeReporterName } from '../../src/report/formats/names.ts';
import { wholeReporters } from '../../src/report/index.ts';
import { TraceReader } from '../../src/trace/index.ts';
import { OPTIONS } from './sample.ts';

/** Every reporter of a whole run by its name, as a function to text. */
export const wholeTexts = Object.fromEntries(
  Object.entries(wholeReporters).map(([name, reporter]) => [
    name,
    (report: ToldReport): string => [...reporter(report)].join(''),
  ]),
) as Readonly<Record<WholeReporterName, (report: ToldReport) => string>>;

const ALL: Selection = { steps: 'all', range: null, only: null, unfolded: false };

/** What one trace of a run comes to, its problems included. */
export function reportFile(path: string, trace: string, index = 0, selection = ALL): ReportFile {
  const place = { index, path, stdin: false };
  const collector = new FileCollector(place, selection.unfolded);
  const tally = new Tally(path, selection);
  let problems = 0;
  let isHeaded = false;
  const replay = new Replay(
    path,
    { record: 'changes' },
    {
      start: () => {
        isHeaded = true;
      },
      step: (step) => {
        if (tally.add(step)) collector.step(step);
      },
    },
  );
  const reader = new TraceReader(path, {
    header: (header, line) => void replay.header(header, line),
    event: (event, line) => {
      if (problems === 0) replay.event(event, line);
    },
    problem: (problem) => {
      problems++;
      collector.problem(problem);
    },
  });
  reader.write(Buffer.from(trace));
  reader.end();
  return collector.end(tally.end(isHeaded ? replay.end() : null, problems));
}

/** The report of a run over traces, by their paths. */
export function runReport(
  traces: Readonly<Record<string, string>>,
  rest: Partial<Report> = {},
): Report {
  const files = Object.entries(traces).map(([path, text], index) => reportFile(path, text, index));
  const unread = rest.unread ?? [];
  const totals = totalsOf(files, unread);
  const isJudged = totals.unjudged === 0 && totals.unread === 0;
  const diverges = totals.divergences > 0;
  return reportOf({
    version: '1.2.3',
    options: reportOptions(ALL, OPTIONS),
    shards: null,
    outcome: isJudged ? (diverges ? 'diverges' : 'agrees') : 'not-judged',
    exitCode: isJudged ? Number(diverges) : 2,
    totals,
    unread,
    files,
    ...rest,
  });
}

/** Texts that every format has to take somewhere: as ids, titles, paths and file names. */
export const NASTY: readonly string[] = [
  'esc \u001b[31m bell \u0007 nul \u0000',
  'line one\nline two\r\nline three\u2028four',
  '::error file=x::%0A%25, title: a,b',
  '</failure><evil a="1">&amp;\'"]]>',
  '\ufffe\uffff \ud800 lone \udfff',
  'ok 1 - fine # SKIP \\ # TODO',
  '{0} [link](http://example.com) {{1}}',
  '--- \n...\n- yaml: *anchor',
  '| table | `code` <script>',
  '__proto__',
  'naïve 漢字 😀',
];

/** A trace that diverges, with a text as its title, its ids and in what it expects. */
export function nastyTrace(text: string): string {
  const conn = { [text]: { owner: text } };
  const lines = [
    {
      trace: 'haproxy-ownership/1',
      title: text,
      config: { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } },
    },
    { event: 'session_new', sess: text, fe: 'fe', note: text },
    { event: 'connect_server', strm: text, sess: text, target: 'b/srv', conn: text },
    { event: 'detach', strm: text, expect: { calls: [`conn_free(${text})`], conn } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** One of each: a trace that agrees, one that diverges, one that is invalid, one that crashes. */
export const NASTY_TRACES: Readonly<Record<string, string>> = Object.fromEntries(
  NASTY.map((text, at) => [`traces/${text}/${at}.jsonl`, nastyTrace(text)]),
);
