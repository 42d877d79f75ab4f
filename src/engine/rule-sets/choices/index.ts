import { BACKEND_CHOICES } from './backend.ts';
import { CONNECT_CHOICES } from './connect.ts';
import { CONNECTION_CHOICES } from './connection.ts';
import { DETACHED_CHOICES } from './detached.ts';
import { HTTP_ANA_CHOICES } from './http-ana.ts';
import { KEY_CHOICES } from './key.ts';
import { MUX_CHOICES } from './mux.ts';
import { SERVER_CHOICES } from './server.ts';
import { SESSION_CHOICES } from './session.ts';

export type { Choice, Way } from './choice.ts';

/** Every choice in words, by HAProxy's files, in the order in which a connection meets them. */
export const CHOICES = {
  ...KEY_CHOICES,
  ...CONNECT_CHOICES,
  ...BACKEND_CHOICES,
  ...CONNECTION_CHOICES,
  ...HTTP_ANA_CHOICES,
  ...SESSION_CHOICES,
  ...MUX_CHOICES,
  ...DETACHED_CHOICES,
  ...SERVER_CHOICES,
} as const;

/** The name of a choice. */
export type ChoiceName = keyof typeof CHOICES;

/** What is chosen, for every choice. */
export type Choices = {
  readonly [Name in ChoiceName]: keyof (typeof CHOICES)[Name]['ways'] & string;
};
