/** How many times as much `npm run test:long` does where nothing else is said. */
const LONG_FACTOR = 20;

/** Tests do as much as they can in minutes, not what everybody can wait for. */
const isLong = process.env.TEST_SIZE === 'long';

/**
 * How much a test does that could go on for ever: runs of a property, states of a search. Tests
 * that ask for it are those that `npm run test:long` runs.
 *
 * @param usual for `npm test`
 * @param long for `npm run test:long`
 */
export function sized(usual: number, long = usual * LONG_FACTOR): number {
  return isLong ? long : usual;
}
