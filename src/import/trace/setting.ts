import type { HaproxyConfig } from '../config/model.ts';
import type { Setting } from '../story/story.ts';

/** What of a configuration the story of a capture depends on. */
export function settingOf(config: HaproxyConfig | null, keepsAddresses: boolean): Setting {
  const servers = config?.header.servers ?? {};
  const backends = config?.header.backends ?? {};
  const delays = (target: string): boolean => {
    const server = servers[target];
    const backend = backends[target.slice(0, target.indexOf('/'))];
    const isOffered = server?.ssl === true && server.alpn != null && server.proto == null;
    return isOffered && backend?.mode !== 'tcp';
  };
  return {
    delaysMux: delays,
    anyDelays: Object.keys(servers).some(delays),
    keepsAddresses,
    hasChecks: config?.hasChecks ?? false,
    checkReuses: (target) => config?.checkReuses.has(target) ?? false,
    serversNamed: (name) => Object.keys(servers).filter((id) => id.endsWith(`/${name}`)),
    reuseOf: (target) => backends[target.slice(0, target.indexOf('/'))]?.['http-reuse'] ?? 'safe',
  };
}
