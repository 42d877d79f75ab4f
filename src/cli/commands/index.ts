import type { Command } from 'commander';
import type { Run, RunCommand } from '../arguments/run-command.ts';
import type { Finish, Host } from '../streams/host.ts';
import { defineAlign } from './align/options.ts';
import { defineCaptureRecipe } from './capture-recipe/options.ts';
import { defineCompare } from './compare/options.ts';
import { defineExplore } from './explore/options.ts';
import { defineExport } from './export/options.ts';
import { defineImport } from './import/options.ts';
import { defineInvariants } from './invariants/options.ts';
import { defineMerge } from './merge/options.ts';
import { defineMinimize } from './minimize/options.ts';
import { defineReplay } from './replay/options.ts';
import { defineRules } from './rules/options.ts';
import { defineSchema } from './schema/options.ts';
import { defineVerify } from './verify/options.ts';
import { defineWhich } from './which/options.ts';
import { defineWhy } from './why/options.ts';

/**
 * Makes every command: what it is called with, and what it does. The second is loaded when the
 * command runs, for one run needs one of them, and wants to start soon.
 */
export function defineCommands(program: Command, host: Host, finish: Finish): void {
  const runs =
    <Args extends readonly unknown[]>(load: () => Promise<RunCommand<Args>>): Run<Args> =>
    async (...args) =>
      finish(await (await load())(...args, host));

  defineReplay(
    program,
    runs(async () => (await import('./replay/run.ts')).runReplay),
  );
  defineAlign(
    program,
    runs(async () => (await import('./align/run.ts')).runAlign),
  );
  defineCaptureRecipe(
    program,
    runs(async () => (await import('./capture-recipe/run.ts')).runCaptureRecipe),
  );
  defineCompare(
    program,
    runs(async () => (await import('./compare/run.ts')).runCompare),
  );
  defineExplore(
    program,
    runs(async () => (await import('./explore/run.ts')).runExplore),
  );
  defineExport(
    program,
    runs(async () => (await import('./export/run.ts')).runExport),
  );
  defineImport(
    program,
    runs(async () => (await import('./import/run.ts')).runImport),
  );
  defineInvariants(
    program,
    runs(async () => (await import('./invariants/run.ts')).runInvariants),
  );
  defineMerge(
    program,
    runs(async () => (await import('./merge/run.ts')).runMerge),
  );
  defineMinimize(
    program,
    runs(async () => (await import('./minimize/run.ts')).runMinimize),
  );
  defineRules(
    program,
    runs(async () => (await import('./rules/run.ts')).runRules),
  );
  defineSchema(
    program,
    runs(async () => (await import('./schema/run.ts')).runSchema),
  );
  defineVerify(
    program,
    runs(async () => (await import('./verify/run.ts')).runVerify),
  );
  defineWhich(
    program,
    runs(async () => (await import('./which/run.ts')).runWhich),
  );
  defineWhy(
    program,
    runs(async () => (await import('./why/run.ts')).runWhy),
  );
}
