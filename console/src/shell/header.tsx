import type { ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import type { ReactNode } from "react";
import { useConfig } from "../config-context.tsx";
import { isLanguage, LANGUAGES } from "../preferences/languages.ts";
import { THEMES, usePreferences, type Preferences } from "../preferences/preferences.tsx";
import type { Texts } from "../texts/en.ts";
import { useProductName } from "./use-page-title.ts";
import { useSession } from "../../../client/react/index.ts";
import type { SessionAccess } from "../../../client/react/index.ts";

interface HeaderProps {
  /** Given where somebody is signed in. */
  readonly onLogOut?: () => void;
}

/** The bar on top of every page: language, theme, and the signed-in user. */
export function Header({ onLogOut }: HeaderProps): ReactNode {
  const preferences = usePreferences();
  const session = useSession();
  const { brand = {} } = useConfig();
  const name = useProductName();
  return (
    <div id="header">
      <TopNavigation
        // A logo says whose page it is: beside it there is a title only where one was given.
        identity={{
          href: "#/",
          ...(brand.logo
            ? { logo: brand.logo, ...(brand.title !== undefined && { title: name }) }
            : { title: name }),
        }}
        utilities={[
          themeMenu(preferences),
          languageMenu(preferences),
          ...(onLogOut === undefined
            ? []
            : userMenu(session, preferences, { accountUrl: brand.accountUrl, onLogOut })),
        ]}
      />
    </div>
  );
}

function themeMenu({ texts, theme, setTheme }: Preferences): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    iconName: "settings",
    ariaLabel: texts.header.theme,
    title: texts.header.theme,
    items: THEMES.map((id) => choice(id, texts.header.themes[id], id === theme)),
    onItemClick: ({ detail: { id } }) => setTheme(THEMES.find((one) => one === id) ?? "system"),
  };
}

function languageMenu({ texts, language, setLanguage }: Preferences): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    iconName: "globe",
    ariaLabel: texts.header.language,
    title: texts.header.language,
    items: Object.entries(LANGUAGES).map(([id, name]) => choice(id, name, id === language)),
    onItemClick: ({ detail: { id } }) => {
      if (isLanguage(id)) setLanguage(id);
    },
  };
}

function userMenu(
  { state }: SessionAccess,
  { texts }: Preferences,
  { accountUrl, onLogOut }: { readonly accountUrl: string | undefined; readonly onLogOut: () => void },
): TopNavigationProps.Utility[] {
  if (state.status !== "signed-in" || state.ended !== undefined) return [];
  const { id, isAdmin } = state.user;
  return [
    {
      type: "menu-dropdown",
      iconName: "user-profile",
      text: id,
      ariaLabel: texts.header.signedInAs(id),
      ...(isAdmin && { description: texts.header.administrator }),
      items: [
        ...(accountUrl === undefined ? [] : [accountItem(accountUrl, texts)]),
        { id: LOG_OUT, text: texts.header.logOut },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === LOG_OUT) onLogOut();
      },
    },
  ];
}

const LOG_OUT = "log-out";

const accountItem = (href: string, { account }: Texts): ButtonDropdownProps.Item => ({
  id: "account",
  text: account.title,
  href,
  external: true,
  externalIconAriaLabel: account.newTab,
});

const choice = (id: string, text: string, checked: boolean): ButtonDropdownProps.CheckboxItem => ({
  itemType: "checkbox",
  id,
  text,
  checked,
});
