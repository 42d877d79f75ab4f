import { type Palette, PLAIN } from '../../report/text/palette.ts';

/** The palette of a stream. Sixteen colours are enough, and follow the terminal's own theme. */
export async function paletteFor(hasColor: boolean): Promise<Palette> {
  if (!hasColor) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    strong: chalk.bold,
    faint: chalk.dim,
    id: chalk.cyan,
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    // Without red, which is for what is wrong.
    owners: [chalk.cyan, chalk.yellow, chalk.magenta, chalk.green, chalk.blue],
  };
}
