// What the linter does not see, as part of `npm run lint`: which room of src imports which (see
// rooms.js), folders of too many files, files of too many lines.
import { codeBelow, crowdedFolders, longFiles, wrongWays } from './house.js';
import { ROOMS } from './rooms.js';

const src = codeBelow('src');
const all = [...src, ...codeBelow('test')];
const problems = [...wrongWays(src, 'src', ROOMS), ...crowdedFolders(all), ...longFiles(all)];
for (const line of problems) console.error(line);
if (problems.length > 0) {
  console.error(`\ntest/house/rooms.js says which room imports which`);
  process.exitCode = 1;
}
