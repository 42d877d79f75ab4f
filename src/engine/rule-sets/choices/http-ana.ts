import { choice } from './choice.ts';

/** What differs in src/http_ana.c. */
export const HTTP_ANA_CHOICES = {
  /** http_wait_for_response: what a connection-bound authentication changes. */
  authenticationTakesOwnership: choice('http_wait_for_response', 'src/http_ana.c', 'no', {
    yes: {
      says: 'NTLM or Negotiate makes a connection private, owned by the session, and listed there',
      rules: ['auth.private-owned'],
    },
    'by-listing': {
      says: 'NTLM or Negotiate makes a connection private, and has the session list it, which owns it by that',
      rules: ['auth.private-listed'],
    },
    no: {
      says: 'NTLM or Negotiate makes a connection private, and leaves its owner and list alone',
      rules: ['auth.private'],
    },
  }),
  /** http_wait_for_response: over which connections an answer is looked at at all. */
  authenticationIsSeen: choice('http_wait_for_response', 'src/http_ana.c', 'always', {
    always: {
      says: 'NTLM or Negotiate is seen in every answer',
    },
    'listed-or-h1': {
      says: 'NTLM or Negotiate is seen over a connection that a session lists, and over H1: over one of several streams that sessions share it cannot work',
      rules: ['auth.shared-streams'],
    },
  }),
} as const;
