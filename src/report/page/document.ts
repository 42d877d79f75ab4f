import { createHash } from 'node:crypto';
import { xmlText } from '../text/xml.ts';
import { DATA_TYPES, type TraceSummary } from './told.ts';

/** What every page consists of besides its data: as built from `src/page/`. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nothing but this script and this style, and no request to anywhere. */
function policyOf({ script, style }: PageAssets): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** An element that carries data: no text within it can end it. */
function data(type: string, text: string): string {
  return `<script type="${type}">${text}</script>\n`;
}

/** The beginning of a page, before its traces. */
export function pageStart(assets: PageAssets, title: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(assets)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${xmlText(title)}</title>`,
    `<style>${assets.style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    '<noscript>This page draws itself by a script, which this browser does not run.</noscript>',
    '',
  ].join('\n');
}

/** A trace of a page. */
export interface PageTrace {
  readonly summary: TraceSummary;
  readonly lanes: string;
  readonly blocks: readonly string[];
}

/** A trace as the page carries it, an element at a time. */
export function* pageTrace({ summary, lanes, blocks }: PageTrace): Generator<string> {
  yield data(DATA_TYPES.summary, JSON.stringify(summary).replaceAll('<', '\\u003c'));
  yield data(DATA_TYPES.lanes, lanes);
  for (const block of blocks) yield data(DATA_TYPES.steps, block);
}

/** The end of a page, after its traces. */
export function pageEnd({ script }: PageAssets): string {
  return `<script>${script}</script>\n</body>\n</html>\n`;
}
