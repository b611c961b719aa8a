import { useEffect } from "react";
import { useTexts } from "../preferences/preferences.tsx";

/** Names the page in the browser's title, tabs and history (WCAG 2.4.2). */
export function usePageTitle(title: string): void {
  const { product } = useTexts();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}
