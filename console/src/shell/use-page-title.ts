import { useEffect } from "react";
import { useConfig } from "../config-context.tsx";
import { useTexts } from "../preferences/preferences.tsx";

/** What the pages are called: by the deployment, else in the language of the page. */
export function useProductName(): string {
  const { brand } = useConfig();
  const { product } = useTexts();
  return brand?.title ?? product;
}

/** Names the page in the browser's title, tabs and history (WCAG 2.4.2). */
export function usePageTitle(title: string): void {
  const product = useProductName();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
