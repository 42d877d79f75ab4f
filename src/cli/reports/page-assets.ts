import { readFile } from 'node:fs/promises';
import type { PageAssets } from '../../report/page/document.ts';

/** What every page consists of besides its data, as the package brings it. */
export async function pageAssets(): Promise<PageAssets> {
  // As far from the sources as from what is built of them.
  const folder = new URL('../../../dist/page/', import.meta.url);
  const read = (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8');
  const [script, style] = await Promise.all([read('page.js'), read('page.css')]);
  return { script, style };
}
