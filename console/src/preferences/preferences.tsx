import { I18nProvider } from "@cloudscape-design/components/i18n";
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Texts } from "../texts/en.ts";
import { dateLocale, isLanguage, loadTexts, preferredLanguage, type Language } from "./languages.ts";
import { stored, store } from "./storage.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** What a person chose of how the page looks and speaks. */
export interface Preferences {
  readonly language: Language;
  readonly texts: Texts;
  /** For dates and numbers. */
  readonly locale: string;
  readonly theme: Theme;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
}

const Context = createContext<Preferences | undefined>(undefined);

/** @throws Error outside of {@link PreferencesProvider}. */
export function usePreferences(): Preferences {
  const preferences = use(Context);
  if (preferences === undefined) throw new Error("there are no preferences here");
  return preferences;
}

export const useTexts = (): Texts => usePreferences().texts;

/** The language that was chosen here before, else the browser's. */
export function firstLanguage(): Language {
  const chosen = stored("language");
  return isLanguage(chosen) ? chosen : preferredLanguage(navigator.languages);
}

interface PreferencesProviderProps {
  /** Loaded before the first render, so that the page never shows without words. */
  readonly first: { readonly language: Language; readonly texts: Texts };
  readonly children: ReactNode;
}

export function PreferencesProvider({ first, children }: PreferencesProviderProps): ReactNode {
  const [{ language, texts }, setSpoken] = useState(first);
  const [theme, setTheme] = useState<Theme>(() => readTheme(stored("theme")));
  useMode(theme);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const preferences = useMemo<Preferences>(
    () => ({
      language,
      texts,
      locale: dateLocale(language, navigator.languages),
      theme,
      setLanguage: (next) => {
        store("language", next);
        void loadTexts(next).then((loaded) => setSpoken({ language: next, texts: loaded }));
      },
      setTheme: (next) => {
        store("theme", next);
        setTheme(next);
      },
    }),
    [language, texts, theme],
  );
  return (
    <Context value={preferences}>
      <I18nProvider locale={language} messages={[texts.cloudscape]}>
        {children}
      </I18nProvider>
    </Context>
  );
}

const readTheme = (text: string | null): Theme => THEMES.find((theme) => theme === text) ?? "system";

const DARK = "(prefers-color-scheme: dark)";

function useMode(theme: Theme): void {
  useEffect(() => {
    const system = matchMedia(DARK);
    const apply = (): void => {
      const isDark = theme === "dark" || (theme === "system" && system.matches);
      applyMode(isDark ? Mode.Dark : Mode.Light);
      document.documentElement.style.colorScheme = isDark ? "dark" : "light";
    };
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [theme]);
}
