import type { Severity } from '../../format/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportDivergence, ToldReport } from '../data/schema.ts';
import { classOf, severityOf } from '../data/severity.ts';
import { jsonParts } from './json-parts.ts';
import { type Notice, noticesOf, stepEventText } from './notices.ts';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A rule of the report: what results have in common. */
interface Descriptor {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
}

/** Plain text of a message: braces would be places for arguments, `[…](…)` a link. */
function message(text: string): { text: string } {
  const plain = text.replace(/[{}]/g, '$&$&').replace(/\]\(/g, '] (');
  return { text: plain };
}

/** A path as the reference that RFC 3986 defines. */
function uriOf(path: string): string {
  // A lone surrogate has no encoding in UTF-8.
  const whole = path.replace(/\p{Cs}/gu, '\ufffd');
  const parts = whole.split('/').map((part) => encodeURIComponent(part));
  if (whole.startsWith('/')) return `file://${parts.join('/')}`;
  return parts.join('/');
}

function physical(path: string, line: number | null, column: number | null): object {
  const region = { startLine: line, ...(column === null ? {} : { startColumn: column }) };
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path) },
      ...(line === null ? {} : { region }),
    },
  };
}

function locations({ path, line, column }: Notice): object {
  return path === null ? {} : { locations: [physical(path, line, column)] };
}

/** What the findings of a severity have in common. */
const FINDINGS: Readonly<Record<Severity | 'abort', string>> = {
  crash: 'the modelled program crashes',
  abort: 'an assertion of its own ends the modelled program',
  broken: 'a promise about the state is broken',
  hint: 'nothing that HAProxy promises, and worth a look',
};

/** Divergences are grouped by the rule that decided; without one, by what is wrong. */
function descriptorOf({ kind, divergence, finding }: Notice): Descriptor {
  if (finding !== undefined) {
    const text = FINDINGS[classOf(finding)];
    return { id: `invariant.${escapeControl(finding.invariant)}`, shortDescription: { text } };
  }
  const decidedBy = divergence?.decidedBy ?? null;
  if (decidedBy !== null) {
    const text = escapeControl(`decided by ${decidedBy.fn} (${decidedBy.file})`);
    return { id: escapeControl(decidedBy.rule), shortDescription: { text } };
  }
  if (divergence?.kind === 'impossible') {
    const text = 'the trace has an event that the model cannot take';
    return { id: 'event.impossible', shortDescription: { text } };
  }
  const text = 'the outcome differs from what the trace expects';
  return { id: kind === 'rest' ? 'not-shown' : 'outcome', shortDescription: { text } };
}

/** The earlier steps that touched the object of a divergence. */
function trailLocations(path: string, { trail }: ReportDivergence): object[] {
  return trail.map((step) => {
    const text = message(`step ${step.number} ${stepEventText(step)}`);
    return { ...physical(path, step.line, null), message: text };
  });
}

function resultOf(notice: Notice, ruleIndex: number): object {
  const { level, path, text, divergence, finding, step } = notice;
  const trail = path === null || divergence === undefined ? [] : trailLocations(path, divergence);
  const severity = finding && { severity: severityOf(finding) };
  const data = divergence && {
    field: divergence.field,
    expected: divergence.expected,
    actual: divergence.actual,
  };
  return {
    ruleId: descriptorOf(notice).id,
    ruleIndex,
    level,
    message: message(text),
    ...locations(notice),
    ...(trail.length === 0 ? {} : { relatedLocations: trail }),
    ...(step === undefined ? {} : { properties: { step: step.number, ...data, ...severity } }),
  };
}

/** Every notice that is a result, or every one that is none. */
function* noticesOfKind(report: ToldReport, isResult: boolean): Generator<Notice> {
  for (const notice of noticesOf(report)) {
    const isAside = notice.kind === 'problem' || notice.kind === 'evidence';
    if (isAside !== isResult) yield notice;
  }
}

function* notifications(report: ToldReport): Generator<object> {
  for (const notice of noticesOfKind(report, false)) {
    const { level, text } = notice;
    yield { level, message: message(text), ...locations(notice) };
  }
}

function* results(report: ToldReport, rules: ReadonlyMap<string, Rule>): Generator<object> {
  for (const notice of noticesOfKind(report, true)) {
    yield resultOf(notice, rules.get(descriptorOf(notice).id)?.index ?? -1);
  }
}

/** A rule of the report, and its place among them. */
interface Rule {
  readonly index: number;
  readonly descriptor: Descriptor;
}

function rulesOf(report: ToldReport): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const notice of noticesOfKind(report, true)) {
    const descriptor = descriptorOf(notice);
    if (!rules.has(descriptor.id)) rules.set(descriptor.id, { index: rules.size, descriptor });
  }
  return rules;
}

/**
 * The reporter `sarif`: the Static Analysis Results Interchange Format 2.1.0. Divergences and
 * findings are results, grouped by the rule that decided; what could not be judged is a
 * notification of the invocation.
 */
export function* sarif(report: ToldReport): Generator<string> {
  const rules = rulesOf(report);
  const driver = {
    name: 'replay',
    version: report.version,
    rules: [...rules.values()].map(({ descriptor }) => descriptor),
  };
  const invocation = {
    executionSuccessful: report.exitCode !== 2,
    exitCode: report.exitCode,
    exitCodeDescription: report.outcome,
    toolExecutionNotifications: notifications(report),
  };
  const run = {
    tool: { driver },
    invocations: [invocation],
    columnKind: 'utf16CodeUnits',
    results: results(report, rules),
  };
  yield* jsonParts({ $schema: SCHEMA, version: '2.1.0', runs: [run] });
  yield '\n';
}
