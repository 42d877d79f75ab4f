/**
 * The trace format `haproxy-ownership/1`: its zod schemas are the one source, the types are
 * inferred from them.
 */
export * from './calls.ts';
export * from './events.ts';
export * from './expect.ts';
export * from './header.ts';
export * from './invariants.ts';
export * from './world.ts';
