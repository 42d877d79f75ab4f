import type { BackendConfig, ServerConfig } from '../../format/index.ts';
import { NO_SETTINGS, type ServerSettings } from './server-line.ts';

/** A server of a proxy. */
export interface ProxyServer {
  readonly name: string;
  readonly settings: ServerSettings;
}

/** What a section says, or `defaults` for those that come after. */
export interface Settings {
  mode: 'http' | 'tcp' | null;
  reuse: BackendConfig['http-reuse'] | null;
  preferLast: boolean;
  maxSessionConns: number | null;
  retryOn: readonly string[] | null;
  usesrc: ServerConfig['usesrc'] | null;
  defaultServer: ServerSettings;
  fcgiApp: string | null;
}

/** What holds where no line says anything. */
export const NOTHING_SAID: Settings = {
  mode: null,
  reuse: null,
  preferLast: false,
  maxSessionConns: null,
  retryOn: null,
  usesrc: null,
  defaultServer: NO_SETTINGS,
  fcgiApp: null,
};

/** A `frontend`, `backend` or `listen` section. */
export interface ProxySection {
  readonly name: string;
  readonly isFrontend: boolean;
  readonly isBackend: boolean;
  readonly settings: Settings;
  readonly servers: ProxyServer[];
}

/** The keys of a backend in a header. */
export function backendOf({ settings }: ProxySection): BackendConfig {
  const { mode, reuse, preferLast, retryOn, usesrc } = settings;
  return {
    ...(mode === 'http' ? {} : { mode: 'tcp' as const }),
    ...(reuse == null ? {} : { 'http-reuse': reuse }),
    ...(preferLast ? { 'option prefer-last-server': true } : {}),
    ...(retryOn === null ? {} : { 'retry-on': [...retryOn] }),
    ...(usesrc == null ? {} : { usesrc }),
  };
}

/** Streams that a mux of H2 may carry at once, as `global` says; null where it says nothing. */
export type StreamsLimit = number | null;

/** The keys of a server in a header; `keepConn` is null where its backend is no FastCGI. */
export function serverOf(
  { settings }: ProxyServer,
  keepConn: boolean | null,
  limit: StreamsLimit,
): ServerConfig {
  const { header } = settings;
  const isFcgi = keepConn !== null;
  const speaksH2 = header.proto === 'h2' || (header.alpn?.split(',').includes('h2') ?? false);
  return {
    ...header,
    ...(isFcgi ? { proto: 'fcgi' as const } : {}),
    ...(keepConn === false ? { 'keep-conn': false } : {}),
    ...(speaksH2 && !isFcgi && limit !== null ? { 'streams-limit': limit } : {}),
  };
}
