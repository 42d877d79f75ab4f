import type { Config } from '../../format/index.ts';

/** Something in a configuration that could not be told, and where. */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** What `haproxy.cfg` says, as far as the model reads it. */
export interface HaproxyConfig {
  readonly header: Config;
  /** Health checks connect to servers. */
  readonly hasChecks: boolean;
  /** Servers whose health checks may be served by a connection that is there. */
  readonly checkReuses: ReadonlySet<string>;
  /** What may make streams wait for a connection, in words. */
  readonly waits: readonly string[];
  /** Servers whose `sni` depends on the request. */
  readonly hasSni: boolean;
  /** The version that a comment or a banner names. */
  readonly version: string | null;
  readonly problems: readonly ConfigProblem[];
}
