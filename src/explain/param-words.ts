/** Words of parameters: apart from the rest, because they are needed only where parameters are shown. */
import { params } from './words/params';
import { postgresParams } from './words/postgres';

/** All of them, by their `words` key. */
export const paramTable = { ...params, ...postgresParams } as typeof params;
/** Name and help of a parameter by its `words` key; the key itself when it has none. */
export const paramWords = (key: string, words: typeof paramTable = paramTable): { readonly name: string; readonly help: string } => words[key] ?? { name: key, help: '' };
