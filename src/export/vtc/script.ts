import type { Course } from '../course/realise.ts';
import { type Harbour, harboursOf, type Peer, ScriptNames } from './cast.ts';
import { certificateLines, haproxyLines, type MoreConfig, relayLines } from './config.ts';
import { Actor, renderLines, type ScriptLine } from './play.ts';
import { requirementLines } from './requirements.ts';
import { StageManager } from './stage.ts';
import { plain } from './words.ts';

/** What a script says besides the course. */
export interface ScriptText {
  readonly title: string;
  /** What stands on top, in sentences, and whether it is the test of a bug. */
  readonly comment: { readonly isBug: boolean; readonly sentences: readonly string[] };
  /** What is switched on for a capture; null for none. */
  readonly capture: {
    readonly config: MoreConfig;
    readonly commands: readonly string[];
  } | null;
}

const COMMENT_WIDTH = 78;

/** A sentence as lines of a comment. */
function commentLines(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const each of plain(text).split(' ')) {
    if (line.length + 1 + each.length > COMMENT_WIDTH && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line += ` ${each}`;
  }
  return [...lines, line];
}

function serverLines({ servers }: Harbour, peers: readonly Peer[]): ScriptLine[] {
  return servers.map(({ name, conns }) => {
    const body = new Actor(name);
    for (const [at, number] of conns.entries()) {
      if (at > 0) body.lines.push('accept');
      body.lines.push(...(peers[number]?.main.lines ?? []));
    }
    return { head: `server ${name}`, body, tail: '-start' };
  });
}

/** What the counters of the servers have to be after the last event. */
function counterLines(course: Course, names: ScriptNames): string[] {
  if (course.counters === null) return [];
  return [...course.counters].flatMap(([target, counters]) => {
    const { be, srv } = names.target(target);
    const { used, maxUsed, need, unsafe, safe, idle } = counters;
    const numbers = `${used} ${maxUsed} ${need} ${unsafe} ${safe} -?[0-9]+ ${idle}`;
    return [
      '# used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur',
      'haproxy h1 -cli {',
      `  send "show servers conn ${be}"`,
      `  expect ~ "${be}/${srv} [^ ]+ [^ ]+ [^ ]+ - [0-9]+ ${numbers}[^0-9]"`,
      '}',
    ];
  });
}

/** The script of a course: the text of a `.vtc`. */
export function vtcText(course: Course, { title, comment, capture }: ScriptText): string {
  const names = new ScriptNames();
  const harbours = harboursOf(course, names);
  const serverNames = new Map(
    harbours.flatMap(({ servers }) =>
      servers.flatMap(({ name, conns }) => conns.map((conn) => [conn, name] as const)),
    ),
  );
  const hasRelay = harbours.some(({ relay }) => relay !== null);
  const stage = new StageManager(course, names, serverNames, hasRelay);
  const { play, top } = stage;
  for (const [at, act] of course.acts.entries()) {
    const isCounted = at + 1 === course.own && course.counters !== null;
    stage.act(act, isCounted ? undefined : course.acts[at + 1]);
    if (isCounted) {
      stage.ask(counterLines(course, names));
    }
  }
  stage.end();
  const { open } = stage;
  for (const peer of open) peer.main.lines.push(...peer.waits);
  if (open.length > 0) play.gather(top, ...open.map(({ main }) => main));
  const barriers = play.sizes.map((size, at) => `barrier b${at + 1} cond ${size}`);
  const lines: ScriptLine[] = [
    `varnishtest "${plain(title)}"`,
    ...comment.sentences.flatMap(commentLines),
    '',
    ...(comment.isBug ? ['#REGTEST_TYPE=bug'] : []),
    'feature ignore_unknown_macro',
    ...requirementLines(course, harbours),
    '',
    ...(barriers.length === 0
      ? []
      : ['# What comes after a barrier happens after what came before it.', ...barriers, '']),
    ...harbours.flatMap((harbour) => [...serverLines(harbour, stage.servers), '']),
    ...certificateLines(harbours),
    '',
    ...relayLines(course, harbours),
    '',
    ...haproxyLines(course, { harbours, names, more: capture?.config ?? null }),
    '',
    ...(capture === null
      ? []
      : ['haproxy h1 -cli {', `  send "${capture.commands.join(';')}"`, '  expect ~ .*', '}', '']),
    ...top.lines,
  ];
  return `${renderLines(lines)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')}\n`;
}
