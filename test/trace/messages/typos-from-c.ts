import type { Typo } from './base.ts';

/** Typos of those who write as in C, or as in a configuration. */
export const FROM_C: readonly Typo[] = [
  [
    'nobody, as in C',
    7,
    '"owner":"s1"',
    '"owner":"NULL"',
    '7:75: no event so far introduces the session "NULL"; did you mean null? nobody is null, without quotes',
  ],
  [
    'nobody, as a text',
    7,
    '"list":null',
    '"listed_in":"null"',
    '7:112: no event so far introduces the session "null"; did you mean null? nobody is null, without quotes',
  ],
  [
    'flags joined as in C',
    7,
    '["PRIVATE"]',
    '"CO_FL_PRIVATE|SESS_IDLE"',
    '7:88: expect.conn.c1.flags is "CO_FL_PRIVATE|SESS_IDLE"; did you mean ["PRIVATE", "SESS_IDLE"]? it must be an array, e.g. flags: ["PRIVATE"]',
  ],
  [
    'flags with a comma between them, one of them misspelt',
    6,
    '["ERROR"]',
    '"ERROR, SOCK_RDSH"',
    '6:42: set is "ERROR, SOCK_RDSH"; did you mean ["ERROR", "SOCK_RD_SH"]? it must be an array, e.g. set: ["ERROR"]',
  ],
  [
    'a server of a list without any of its brackets',
    5,
    '[["b/srv",["c1"]]]',
    '["b/srv","c1"]',
    '5:218: expect.sess.s1.srv_list has "b/srv" where it must have a list; it must be an array of arrays, e.g. srv_list: [["b/srv", ["c1"]]]',
  ],
  [
    'a server without its backend, where it is declared',
    1,
    '"b/srv":{',
    '"srv":{',
    '1:200: the server\'s name is "srv"; did you mean "b/srv"? it must be backend/server',
  ],
];
