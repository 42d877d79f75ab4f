/** A record of a mux, behind whatever prefix, or a log line of the layout that is imported. */
const RECORD = /^.{0,300}?(?:\[\d{2,}\|[a-z0-9_-]+\|\d\|[^\]|]{1,40}\] |replay1 th=)/s;
/** A path that a shell reads as it is, and no option. */
const PLAIN = /^[\w@%+:,./=][\w@%+:,./=-]*$/;

/** Whether a line that is no JSON is one of those that `replay import` makes a trace of. */
export function isCapture(text: string): boolean {
  return RECORD.test(text);
}

/** What to do with a capture of that name. */
export function captureHint(path: string): string {
  const name = PLAIN.test(path) ? path : '-';
  const from = name === '-' ? ', with the capture as its standard input' : '';
  return `import it first: replay import ${name} | replay -${from}`;
}
