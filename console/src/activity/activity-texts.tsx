import { I18nProvider } from "@cloudscape-design/components/i18n";
import type { ReactNode } from "react";
import type { Language } from "../preferences/languages.ts";
import { usePreferences } from "../preferences/preferences.tsx";
import { activityPages as en, type ActivityTexts } from "../texts/en/activity-pages.ts";
import { activityPages as nl } from "../texts/nl/activity-pages.ts";

const TEXTS: Readonly<Record<Language, ActivityTexts>> = { en, nl };

/** What the pages of activity say. */
export const useActivityTexts = (): ActivityTexts => TEXTS[usePreferences().language];

/** Gives Cloudscape's components on a page their texts, where they are not among those of every page. */
export function WithComponentTexts({ children }: { readonly children: ReactNode }): ReactNode {
  const { language } = usePreferences();
  const messages = { "cloudscape-design-components": { [language]: TEXTS[language].cloudscape } };
  return (
    <I18nProvider locale={language} messages={[messages]}>
      {children}
    </I18nProvider>
  );
}
