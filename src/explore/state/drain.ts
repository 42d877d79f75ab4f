/** Empties an array and keeps its memory, which an assignment to its length would give back. */
export function drain(array: unknown[]): void {
  while (array.length > 0) array.pop();
}
