import type { Texts } from "../texts/en.ts";

/** Each language in its own name. */
export const LANGUAGES = { en: "English", nl: "Nederlands" } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => (await import("../texts/en.ts")).en,
  nl: async () => (await import("../texts/nl.ts")).nl,
};

export const loadTexts = (language: Language): Promise<Texts> => LOADERS[language]();

export const isLanguage = (text: unknown): text is Language =>
  typeof text === "string" && Object.hasOwn(LANGUAGES, text);

/** The first of a browser's languages that there are texts in. */
export function preferredLanguage(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.toLowerCase().split("-")[0]).find(isLanguage) ?? "en";
}

/** For dates: the region people chose in their browser, where it is of the language that they read. */
export function dateLocale(language: Language, wanted: readonly string[]): string {
  return wanted.filter(isLocale).find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

/** Chromium in a POSIX locale says `en-US@posix`, which Intl throws at. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
