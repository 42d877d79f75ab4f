// What the linter does not see, as part of `npm run lint`: which room of src imports which (see
// rooms.js), folders of too many files, files of too many lines.
import { codeBelow, crowdedFolders, longFiles, wrongWays } from './house.js';
import { CROWDED, ROOMS } from './rooms.js';

const src = codeBelow('src');
const all = [...src, ...codeBelow('test')];
const problems = [
  ...wrongWays(src, 'src', ROOMS),
  ...crowdedFolders(all, CROWDED),
  ...longFiles(all),
];
for (const line of problems) console.error(line);
if (problems.length > 0) {
  console.error(`\ntest/house/rooms.js declares rooms, ways and exceptions`);
  process.exitCode = 1;
}
