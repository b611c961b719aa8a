/** The forms of a text that go with a number; `other` where a language has no form of its own for it. */
export type Forms = Readonly<
  Partial<Record<Intl.LDMLPluralRule, string>> & Record<Extract<Intl.LDMLPluralRule, "other">, string>
>;

/**
 * Chooses the form that goes with a number by the plural rules of a language (Unicode CLDR), with the number
 * written as that language writes it in place of `#`.
 */
export function pluralOf(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replaceAll("#", n.toLocaleString(locale));
}
