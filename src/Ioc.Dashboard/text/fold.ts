/** What two spellings share: no marks, đ as d, one case. Both sides of a search are folded. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

/** Every word of the query must occur somewhere in the text. */
export function matches(query: string, ...texts: (string | null)[]): boolean {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const haystack = fold(texts.filter((text) => text !== null).join(' '));
  return words.every((word) => haystack.includes(word));
}
