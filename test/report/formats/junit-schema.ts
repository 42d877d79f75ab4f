import type { XmlElement } from './xml.ts';

/** What a schema says about an element. */
interface Rule {
  /** Attributes by name: a pattern for the value, and whether it must be there. */
  readonly attributes: Readonly<
    Record<string, { readonly value: RegExp; readonly required: boolean }>
  >;
  /** The names of the children in order, separated by blanks, as a pattern. */
  readonly children: RegExp;
  /** Only blanks may stand between the children. */
  readonly isElementOnly: boolean;
}

/** A JUnit schema: the rule of every element that it knows. */
export type Schema = Readonly<Record<string, Rule>>;

const must = (value: RegExp) => ({ value, required: true });
const may = (value: RegExp) => ({ value, required: false });
const ANY = /^[\s\S]*$/;
const TOKEN = /^(?:\S+(?: \S+)*)?$/;
const NAME = /^\S+(?: \S+)*$/;
const INT = /^-?\d+$/;
const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
const NONE = /^$/;

/** The schema of Apache Ant's JUnit and JUnitReport tasks (JUnit.xsd of Windy Road), as rules. */
export const ANT: Schema = {
  testsuites: { attributes: {}, children: /^(?:testsuite )*$/, isElementOnly: true },
  testsuite: {
    attributes: {
      name: must(NAME),
      timestamp: must(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      hostname: must(NAME),
      tests: must(INT),
      failures: must(INT),
      errors: must(INT),
      skipped: may(INT),
      time: must(DECIMAL),
      package: must(TOKEN),
      id: must(INT),
    },
    children: /^properties (?:testcase )*system-out system-err $/,
    isElementOnly: true,
  },
  properties: { attributes: {}, children: /^(?:property )*$/, isElementOnly: true },
  property: {
    attributes: { name: must(NAME), value: must(ANY) },
    children: NONE,
    isElementOnly: true,
  },
  testcase: {
    attributes: { name: must(TOKEN), classname: must(TOKEN), time: must(DECIMAL) },
    children: /^(?:skipped |error |failure )?$/,
    isElementOnly: true,
  },
  skipped: { attributes: {}, children: NONE, isElementOnly: true },
  error: {
    attributes: { message: may(ANY), type: must(ANY) },
    children: NONE,
    isElementOnly: false,
  },
  failure: {
    attributes: { message: may(ANY), type: must(ANY) },
    children: NONE,
    isElementOnly: false,
  },
  'system-out': { attributes: {}, children: NONE, isElementOnly: false },
  'system-err': { attributes: {}, children: NONE, isElementOnly: false },
};

const SUREFIRE_TIME = /^(?:(?:[0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(?:\.[0-9]*)?$/;

/** The schema of the Jenkins plugin xUnit (junit-10.xsd), as rules. */
export const JENKINS: Schema = {
  testsuites: {
    attributes: {
      name: may(ANY),
      time: may(SUREFIRE_TIME),
      tests: may(ANY),
      failures: may(ANY),
      errors: may(ANY),
    },
    children: /^(?:testsuite )*$/,
    isElementOnly: true,
  },
  testsuite: {
    attributes: {
      name: must(ANY),
      tests: must(ANY),
      failures: must(ANY),
      errors: must(ANY),
      group: may(ANY),
      time: may(SUREFIRE_TIME),
      skipped: may(ANY),
      timestamp: may(ANY),
      hostname: may(ANY),
      id: may(ANY),
      package: may(ANY),
      file: may(ANY),
      log: may(ANY),
      url: may(ANY),
    },
    children: /^(?:testsuite |properties |testcase |system-out |system-err )*$/,
    isElementOnly: true,
  },
  properties: { attributes: {}, children: /^(?:property )*$/, isElementOnly: true },
  property: {
    attributes: { name: must(ANY), value: must(ANY) },
    children: NONE,
    isElementOnly: true,
  },
  testcase: {
    attributes: { name: must(ANY), time: may(ANY), classname: may(ANY), group: may(ANY) },
    children: /^(?:skipped |error |failure |system-out |system-err )*$/,
    isElementOnly: true,
  },
  skipped: { attributes: {}, children: NONE, isElementOnly: true },
  error: {
    attributes: { message: may(ANY), type: may(ANY) },
    children: NONE,
    isElementOnly: false,
  },
  failure: {
    attributes: { message: may(ANY), type: may(ANY) },
    children: NONE,
    isElementOnly: false,
  },
  'system-out': { attributes: {}, children: NONE, isElementOnly: false },
  'system-err': { attributes: {}, children: NONE, isElementOnly: false },
};

/** Everything in which an element and what is in it break the rules of a schema. */
export function schemaProblems(element: XmlElement, schema: Schema): string[] {
  const rule = schema[element.name];
  if (rule === undefined) return [`unknown element ${element.name}`];
  const problems: string[] = [];
  for (const [name, value] of element.attributes) {
    const known = rule.attributes[name];
    // As xs:token does before anything is compared.
    const collapsed = value.trim().replace(/\s+/g, ' ');
    if (known === undefined) problems.push(`${element.name} has an unknown attribute ${name}`);
    else if (!known.value.test(known.value === ANY ? value : collapsed)) {
      problems.push(`${element.name} ${name} is ${JSON.stringify(value)}`);
    }
  }
  for (const [name, { required }] of Object.entries(rule.attributes)) {
    if (required && !element.attributes.has(name)) problems.push(`${element.name} has no ${name}`);
  }
  const names = element.children.map((child) => `${child.name} `).join('');
  if (!rule.children.test(names)) problems.push(`${element.name} has ${names}`);
  if (rule.isElementOnly && element.text.trim() !== '') problems.push(`text in ${element.name}`);
  return [...problems, ...element.children.flatMap((child) => schemaProblems(child, schema))];
}
