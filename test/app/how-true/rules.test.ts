/** Every rule that the page names is in the file and at the symbol it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/app/how-true/rules';
import { rules } from '../../../src/explain/words/model-rules';

const SRC = join(import.meta.dirname, '..', '..', '..', 'src');

describe('the rules of the page', () => {
  it.each(RULES.map((r) => [r.id, r] as const))('%s is where it says', (_, rule) => {
    expect(existsSync(join(SRC, rule.code))).toBe(true);
    expect(readFileSync(join(SRC, rule.code), 'utf8')).toContain(rule.symbol);
    expect(rule.url === '' || /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#section-[\d.]+$/.test(rule.url)).toBe(true);
  });
  it('are all told, once', () => {
    expect(RULES.map((r) => r.id).sort()).toEqual(Object.keys(rules).sort());
  });
});
