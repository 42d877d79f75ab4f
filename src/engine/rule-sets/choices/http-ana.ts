import { choice } from './choice.ts';

/** What differs in src/http_ana.c. */
export const HTTP_ANA_CHOICES = {
  /** http_wait_for_response: what a connection-bound authentication changes. */
  authenticationTakesOwnership: choice('http_wait_for_response', 'src/http_ana.c', 'no', {
    yes: {
      says: 'NTLM or Negotiate makes a connection private, owned by the session, and listed there',
      rules: ['auth.private-owned'],
    },
    no: {
      says: 'NTLM or Negotiate makes a connection private, and leaves its owner and list alone',
      rules: ['auth.private'],
    },
  }),
} as const;
