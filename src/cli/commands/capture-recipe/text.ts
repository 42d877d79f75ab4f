import type { RecipePart } from '../../../import/recipe.ts';
import { block, flow, sentence, text } from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';

/** Parts of a recipe: what explains stands behind a hash, what is copied has lines of its own. */
export function recipeText(
  parts: readonly RecipePart[],
  { palette, width }: { readonly palette: Palette; readonly width: number },
): string {
  const layout = { width: width - 2, indent: 0, gap: 1 };
  return parts
    .map(({ says, lines }) => {
      const explained = says
        .flatMap((each) => flow(text(''), sentence(each), layout).split('\n'))
        .map((line) => text(`# ${line.trim()}`, palette.faint).painted);
      return block([...explained, ...lines]);
    })
    .join('\n');
}
