import { ReflectionKind, type Reflection } from "typedoc";
import { MarkdownTheme, MarkdownThemeContext, type MarkdownPageEvent } from "typedoc-plugin-markdown";

const BEGINNING = `
You get: every export of the package, with its doc comment. Most of it is about [SingleSession](./classes/SingleSession.md)
and [its props](./interfaces/SingleSessionProps.md).`;
const END = "\n\nNext: [how settings are given](../settings.md), or [the HTTP API](../http-api.md).\n";

/** A page that a doc comment names by its path in the repository. */
const PAGE_OF_SITE = /`docs\/([\w/-]+)\.md`/g;
/**
 * A default that is one word of code, and one that is text. typedoc makes a heading of each, and blocks of
 * code.
 */
const DEFAULT_VALUE = /^#+ Default\n+```ts\n(\S+)\n```/gm;
const DEFAULT_TEXT = /^#+ Default\n+(?:```ts\n(.*)\n```)?/gm;

/** typedoc's Markdown, shorter: without what overrides what, and with each default in a line. */
export class ConstructTheme extends MarkdownTheme {
  override getRenderContext(page: MarkdownPageEvent<Reflection>): MarkdownThemeContext {
    const context = new MarkdownThemeContext(this, page, this.application.options);
    const { comment } = context.partials;
    const { reflection } = context.templates;
    context.partials.inheritance = () => "";
    context.partials.comment = (...comments) =>
      comment(...comments)
        .replaceAll(DEFAULT_VALUE, (_, value: string) => `Default: \`${value}\``)
        .replaceAll(DEFAULT_TEXT, (_, text = "") => `Default: ${text}`);
    context.templates.reflection = (event) => {
      const text = reflection(event).replaceAll(PAGE_OF_SITE, (_, path: string) => `[${path}](/${path}.md)`);
      if (!page.model.kindOf(ReflectionKind.Project)) return text;
      return text.replace(/^# .*/m, (title) => `${title}\n${BEGINNING}`) + END;
    };
    return context;
  }
}
