/** Makes the state what a trace states, where the rules came to another one. */
export { adopt, entityOf } from './adopt.ts';
export { adoptEnded, adoptFreed } from './of-connection.ts';
