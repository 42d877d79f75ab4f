import type { Severity } from '../../format/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportDivergence, ToldReport } from '../data/schema.ts';
import { classOf, severityOf } from '../data/severity.ts';
import { jsonParts } from './json-parts.ts';
import { type Notice, noticesOf, type Placed, stepEventText } from './notices.ts';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A rule of the report: what results have in common. */
export interface Descriptor {
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

function locations({ path, line, column }: Placed): object {
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

/** One result: what it says, and of which rule it is. */
export interface SarifResult {
  readonly notice: Placed;
  readonly descriptor: Descriptor;
  readonly related?: readonly object[];
  readonly properties?: object;
}

function resultOf(notice: Notice): SarifResult {
  const { path, divergence, finding, step } = notice;
  const descriptor = descriptorOf(notice);
  const related = path === null || divergence === undefined ? [] : trailLocations(path, divergence);
  const severity = finding && { severity: severityOf(finding) };
  const data = divergence && {
    field: divergence.field,
    expected: divergence.expected,
    actual: divergence.actual,
  };
  if (step === undefined) return { notice, descriptor, related };
  return { notice, descriptor, related, properties: { step: step.number, ...data, ...severity } };
}

/** Every notice that is a result, or every one that is none. */
function* noticesOfKind(report: ToldReport, isResult: boolean): Generator<Notice> {
  for (const notice of noticesOf(report)) {
    const isAside = notice.kind === 'problem' || notice.kind === 'evidence';
    if (isAside !== isResult) yield notice;
  }
}

function* notifications(notices: Iterable<Placed>): Generator<object> {
  for (const notice of notices) {
    const { level, text } = notice;
    yield { level, message: message(text), ...locations(notice) };
  }
}

/** A rule of the report, and its place among them. */
interface Rule {
  readonly index: number;
  readonly descriptor: Descriptor;
}

function rulesOf(results: Iterable<SarifResult>): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const { descriptor } of results) {
    if (!rules.has(descriptor.id)) rules.set(descriptor.id, { index: rules.size, descriptor });
  }
  return rules;
}

function* results(all: Iterable<SarifResult>, rules: ReadonlyMap<string, Rule>): Generator<object> {
  for (const { notice, descriptor, related = [], properties } of all) {
    yield {
      ruleId: descriptor.id,
      ruleIndex: rules.get(descriptor.id)?.index ?? -1,
      level: notice.level,
      message: message(notice.text),
      ...locations(notice),
      ...(related.length === 0 ? {} : { relatedLocations: related }),
      ...(properties === undefined ? {} : { properties }),
    };
  }
}

/**
 * A run in the Static Analysis Results Interchange Format 2.1.0.
 *
 * @param all makes the results, each time that it is called: there may be many
 * @param aside what is no result: what could not be judged, and what is told of the run
 */
export function* sarifParts(
  { version, exitCode, outcome }: Pick<ToldReport, 'version' | 'exitCode' | 'outcome'>,
  all: () => Iterable<SarifResult>,
  aside: Iterable<Placed>,
): Generator<string> {
  const rules = rulesOf(all());
  const driver = {
    name: 'replay',
    version,
    rules: [...rules.values()].map(({ descriptor }) => descriptor),
  };
  const invocation = {
    executionSuccessful: exitCode !== 2,
    exitCode,
    exitCodeDescription: outcome,
    toolExecutionNotifications: notifications(aside),
  };
  const run = {
    tool: { driver },
    invocations: [invocation],
    columnKind: 'utf16CodeUnits',
    results: results(all(), rules),
  };
  yield* jsonParts({ $schema: SCHEMA, version: '2.1.0', runs: [run] });
  yield '\n';
}

function* resultsOf(report: ToldReport): Generator<SarifResult> {
  for (const notice of noticesOfKind(report, true)) yield resultOf(notice);
}

/**
 * The reporter `sarif`: divergences and findings are results, grouped by the rule that decided; what
 * could not be judged is a notification of the invocation.
 */
export function* sarif(report: ToldReport): Generator<string> {
  yield* sarifParts(report, () => resultsOf(report), noticesOfKind(report, false));
}
