/** What a place of a SARIF log may hold. */
type Check = (value: unknown, place: string) => string[];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text: Check = (value, place) => (typeof value === 'string' ? [] : [`${place} is no string`]);

const boolean: Check = (value, place) =>
  typeof value === 'boolean' ? [] : [`${place} is no boolean`];

const integer =
  (minimum: number): Check =>
  (value, place) =>
    Number.isInteger(value) && Number(value) >= minimum ? [] : [`${place} is no such integer`];

const oneOf =
  (...values: readonly string[]): Check =>
  (value, place) =>
    values.some((each) => each === value) ? [] : [`${place} is ${JSON.stringify(value)}`];

const matching =
  (pattern: RegExp): Check =>
  (value, place) =>
    typeof value === 'string' && pattern.test(value) ? [] : [`${place}: ${String(value)}`];

const listOf =
  (check: Check, isUnique = false): Check =>
  (value, place) => {
    if (!Array.isArray(value)) return [`${place} is no list`];
    const problems = value.flatMap((item, index) => check(item, `${place}[${index}]`));
    const different = new Set(value.map((item) => JSON.stringify(item))).size;
    if (isUnique && different < value.length) problems.push(`${place} has an item twice`);
    return problems;
  };

/** An object with no other keys than these; those with a star must be there. */
const object =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value, place) => {
    if (!isObject(value)) return [`${place} is no object`];
    const checks = new Map(
      Object.entries(shape).map(([key, check]) => [key.replace('*', ''), check]),
    );
    const missing = Object.keys(shape).filter(
      (key) => key.endsWith('*') && !Object.hasOwn(value, key.slice(0, -1)),
    );
    return [
      ...missing.map((key) => `${place} has no ${key.slice(0, -1)}`),
      ...Object.entries(value).flatMap(([key, item]) => {
        const check = checks.get(key);
        return check === undefined
          ? [`${place} has an unknown ${key}`]
          : check(item, `${place}.${key}`);
      }),
    ];
  };

const bag: Check = (value, place) => (isObject(value) ? [] : [`${place} is no object`]);
const level = oneOf('none', 'note', 'warning', 'error');
/** RFC 3986: only characters that a URI reference may have, percent signs before two digits. */
const uri = matching(/^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/);

/** A message by its text; braces and links have a meaning, and reports mean neither. */
const message: Check = (value, place) => {
  const problems = object({ 'text*': text })(value, place);
  if (problems.length > 0 || !isObject(value)) return problems;
  const single = String(value.text).replaceAll('{{', '').replaceAll('}}', '');
  return /[{}]|\]\(/.test(single) ? [`${place} has a placeholder or a link`] : [];
};

const location = object({
  id: integer(-1),
  physicalLocation: object({
    'artifactLocation*': object({ 'uri*': uri }),
    region: object({ 'startLine*': integer(1), startColumn: integer(1) }),
  }),
  message,
});

const notification = object({
  'message*': message,
  level,
  locations: listOf(location),
});

const result = object({
  ruleId: text,
  ruleIndex: integer(0),
  level,
  'message*': message,
  locations: listOf(location),
  relatedLocations: listOf(location, true),
  properties: bag,
});

const rule = object({ 'id*': text, shortDescription: object({ 'text*': text }) });

const run = object({
  'tool*': object({
    'driver*': object({ 'name*': text, version: text, rules: listOf(rule, true) }),
  }),
  invocations: listOf(
    object({
      'executionSuccessful*': boolean,
      exitCode: integer(0),
      exitCodeDescription: text,
      toolExecutionNotifications: listOf(notification),
    }),
  ),
  columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
  results: listOf(result),
});

/**
 * Everything in which a log breaks the published schema of SARIF 2.1.0, as far as logs of this
 * program use it: the required properties, the types, the names allowed, and none beyond.
 */
export const sarifProblems = (log: unknown): string[] =>
  object({ $schema: uri, 'version*': oneOf('2.1.0'), 'runs*': listOf(run) })(log, 'log');
