import type { MarkdownRenderer } from "vitepress";

/**
 * `console no-run="it needs an AWS account"`: the reason that a block of code or commands does not run in CI.
 */
const REASON = /\s+no-run="([^"]+)"/;

/** The reason in the info string of a fence; `undefined` where the block runs. */
export const reasonNotToRun = (info: string): string | undefined => REASON.exec(info)?.[1];

/** Shows beneath each block that does not run in CI why it does not. */
export function showReasonsOfUnrunBlocks(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error("markdown-it has no rule for fences");
  markdown.renderer.rules.fence = (tokens, index, options, environment, self) => {
    const token = tokens[index];
    const reason = reasonNotToRun(token?.info ?? "");
    if (token === undefined || reason === undefined) return fence(tokens, index, options, environment, self);
    token.info = token.info.replace(REASON, "");
    const block = fence(tokens, index, options, environment, self);
    return `${block}<p class="not-run">Not run in CI: ${markdown.utils.escapeHtml(reason)}.</p>\n`;
  };
}

/**
 * Text such as {{resolve:secretsmanager:…}} is CloudFormation's: Vue must not take it for an expression of
 * its own.
 */
export function keepBracesFromVue(markdown: MarkdownRenderer): void {
  const { rules } = markdown.renderer;
  for (const name of ["text", "code_inline"] as const) {
    const rule = rules[name];
    if (rule === undefined) throw new Error(`markdown-it has no rule for ${name}`);
    rules[name] = (...token) => rule(...token).replaceAll("{{", "&#123;&#123;");
  }
}
