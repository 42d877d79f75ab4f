import { child } from '../chain.ts';
import { rules240 } from './2.4.0.ts';

/** What followed until the release: streams keep their end, and mux-pt closes what it leaves. */
export const rules260 = child(
  rules240,
  {
    id: '2.6.0',
    date: '2022-05-31',
    release: '2.6.0',
    title: 'a tcp connection is closed with its stream, and a WebSocket stream gets one for itself',
  },
  [
    {
      by: [{ id: '9c3251d10', date: '2021-11-03' }],
      sets: { websocketReuse: 'skipped' },
    },
    {
      by: [{ id: 'fbff85425', date: '2022-03-09' }],
      sets: { ptDetach: 'destroys' },
    },
    {
      by: [{ id: '9ec2f4dc7', date: '2022-04-13' }],
      sets: { endpointAfterAttach: 'reset' },
    },
    {
      by: [{ id: '070b91bc1', date: '2022-04-13' }],
      sets: { endpointFails: 'internal', fcgiAttachFails: 'crashes' },
    },
  ],
);
