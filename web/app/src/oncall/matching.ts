const MOST = 8;
const FINESS = /^[0-9][0-9AB][0-9]{7}$/i;

/** The pharmacies that a text finds, by name, town or number, without those already taken; a whole number always finds itself. */
export function matching(known: ReadonlyMap<string, string>, text: string, taken: readonly string[]): { readonly id: string; readonly name: string }[] {
  const wanted = plain(text.trim());
  if (wanted === '') return [];
  const found = [...known].filter(([id, name]) => !taken.includes(id) && (id.startsWith(wanted.toUpperCase()) || plain(name).includes(wanted)));
  const all = found.map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  const number = text.trim().toUpperCase();
  const isNew = FINESS.test(number) && !known.has(number) && !taken.includes(number);
  return (isNew ? [{ id: number, name: number }] : all).slice(0, MOST);
}

/** A text as it is searched: without accents and capitals. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
